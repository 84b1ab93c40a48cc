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
import { prepareBatchedFields, prepareRootFields } from "../graphql/execution/batched.js";
import { resolvers } from "./index.js";

/** Builds the public schema from the resolvers, and adds the required permission to each description. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [...resolvers],
    // The services check every input, whichever API it comes from.
    validate: false,
    // The schema check would execute an introspection query at every start; `graphql` validates the schema
    // itself.
    skipCheck: true,
    // type-graphql requires one for subscriptions. They read the outbox instead.
    pubSub: { publish: () => undefined, subscribe: () => [] as never },
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
  });
  prepareBatchedFields(schema);
  prepareRootFields(schema);
  describeRoots(schema);
  describePermissions(schema);
  return schema;
}

/** Describes the root types, which have no class and therefore no decorator. */
function describeRoots(schema: GraphQLSchema): void {
  const descriptions = [
    [schema.getQueryType(), "All queries. They change nothing."],
    [
      schema.getMutationType(),
      "All mutations. The mutations of one request run one after the other.",
    ],
    [
      schema.getSubscriptionType(),
      "All subscriptions, over graphql-ws or server-sent events. The permission is checked for each event.",
    ],
  ] as const;
  for (const [type, description] of descriptions) if (type) type.description = description;
}

/**
 * @throws Error for an operation without an entry in the permission table, and for an entry without a field
 */
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
    if (!field) throw new Error(`${name} of src/domain/permission-table.ts is not a field`);
    describePermission(field, name);
  }
}

function describePermission(field: { description?: string | null }, operation: Operation): void {
  const text = describeRequirement(requirementOf(operation));
  field.description = `${field.description ?? ""} ${text}`.trim();
}
