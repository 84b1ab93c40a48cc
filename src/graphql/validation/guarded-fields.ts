import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import type { Actor } from "../../domain/actor.js";
import { hasPermission } from "../../domain/actor.js";
import { guardedFields, type Operation } from "../../domain/permission-table.js";
import { authorize } from "../../services/authorize.js";

/** Which fields of a document need more than the operations by which they are reached. */
export function guardedFieldsIn(schema: GraphQLSchema, document: DocumentNode): Operation[] {
  const found = new Set<Operation>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: ({ name }) => {
        const guarded = `${typeInfo.getParentType()?.name}.${name.value}`;
        const known = guardedFields.find((field) => field === guarded);
        if (known) found.add(known);
      },
    }),
  );
  return [...found];
}

/**
 * Asked before anything is executed, since a change that is made must not be answered with a refusal.
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

/** Without USER_READ a person finds only themself, unless they may change or reserve somebody else. */
const reachesOthers = (actor: Actor, isMutation: boolean): boolean =>
  isMutation && (hasPermission(actor, "USER_CUD") || hasPermission(actor, "API_RESERVE_USER"));
