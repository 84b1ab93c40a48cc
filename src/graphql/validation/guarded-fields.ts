import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Actor } from "../../domain/actor.js";
import { hasPermission } from "../../domain/actor.js";
import { guardedFields, type Operation } from "../../domain/permission-table.js";
import { authorize } from "../../services/authorize.js";

/** The fields of a document that require a permission beyond that of their root field. */
export function guardedFieldsIn(schema: GraphQLSchema, document: DocumentNode): Operation[] {
  const found = new Set<Operation>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: ({ name }) => {
        const coordinate = `${typeInfo.getParentType()?.name}.${name.value}`;
        const field = guardedFields.find((name) => name === coordinate);
        if (field) found.add(field);
      },
    }),
  );
  return [...found];
}

/**
 * Runs before the execution: a mutation that has changed something must not respond with a refusal.
 *
 * @throws FORBIDDEN
 */
export function authorizeFields(
  actor: Actor,
  fields: readonly Operation[],
  isMutation: boolean,
): void {
  const aboutUserId = reachesOthers(actor, isMutation) ? null : actor.userId;
  for (const field of fields) authorize(actor, field, aboutUserId);
}

/** Without USER_READ a caller reads only itself, unless it may change or reserve other users. */
const reachesOthers = (actor: Actor, isMutation: boolean): boolean =>
  isMutation && (hasPermission(actor, "USER_CUD") || hasPermission(actor, "API_RESERVE_USER"));
