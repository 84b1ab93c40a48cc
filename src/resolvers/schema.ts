import "reflect-metadata";
import { type GraphQLSchema, isObjectType } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { buildSchemaSync } from "type-graphql";
import {
  describeRequirement,
  guardedFields,
  type Operation,
  permissionTable,
  requirementOf,
} from "../domain/permission-table.js";
import { gatherBatchedFields } from "../graphql/execution/batched.js";
import { tellOutcomes } from "../graphql/execution/change-outcome.js";
import { resolvers } from "./index.js";

/** The public schema: what the resolvers say, with what each operation asks of its caller. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [...resolvers],
    // Input is checked by the services, behind every door.
    validate: false,
    // Whoever executes it checks it; this would execute a query for everything in it as well.
    skipCheck: true,
    // Asked for as soon as there is a subscription; ours have a source of their own, the outbox.
    pubSub: { publish: () => undefined, subscribe: () => [] as never },
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
  });
  gatherBatchedFields(schema);
  tellOutcomes(schema);
  describeRoots(schema);
  describePermissions(schema);
  return schema;
}

/** Types that no class stands for, so that no decorator can describe them. */
function describeRoots(schema: GraphQLSchema): void {
  const descriptions = [
    [schema.getQueryType(), "What can be asked. Nothing is changed by asking."],
    [
      schema.getMutationType(),
      "What can be changed. Those of one request run one after the other.",
    ],
    [
      schema.getSubscriptionType(),
      "What can be followed, over graphql-ws or server-sent events. Permission is asked for each event.",
    ],
  ] as const;
  for (const [type, description] of descriptions) if (type) type.description = description;
}

/** @throws Error for an operation that has no entry in the permission table, and for an entry that is of nothing */
function describePermissions(schema: GraphQLSchema): void {
  for (const type of [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (!Object.hasOwn(permissionTable, field.name)) {
        throw new Error(`${field.name} has no entry in src/domain/permission-table.ts`);
      }
      describePermission(field, field.name as Operation);
    }
  }
  for (const name of guardedFields) {
    const [typeName = "", fieldName = ""] = name.split(".");
    const type = schema.getType(typeName);
    const field = isObjectType(type) && type.getFields()[fieldName];
    if (!field) throw new Error(`${name} of src/domain/permission-table.ts is no field`);
    describePermission(field, name);
  }
}

function describePermission(field: { description?: string | null }, operation: Operation): void {
  const words = describeRequirement(requirementOf(operation));
  field.description = `${field.description ?? ""} ${words}`.trim();
}
