import { type Actor, hasPermission } from "../domain/actor.js";
import { type Operation, requirementOf } from "../domain/permission-table.js";
import { forbidden, unauthenticated } from "../errors/domain-error.js";

/**
 * Whether the actor may execute the operation.
 *
 * @param aboutUserId the user that it is about; null if it is not about one user
 */
export function isAuthorized(
  actor: Actor,
  operation: Operation,
  aboutUserId: number | null,
): boolean {
  const { needs, self } = requirementOf(operation);
  if (needs === "NONE") return true;
  if (actor.kind === "ANONYMOUS") return false;
  if (needs === "SIGNED_IN" || hasPermission(actor, needs)) return true;
  return self === true && aboutUserId !== null && isSelf(actor, aboutUserId);
}

/** Only for sessions: an API key has its own permissions, not those of its owner. */
const isSelf = (actor: Actor, userId: number): boolean =>
  actor.kind === "SESSION" && actor.userId === userId;

/** @throws UNAUTHENTICATED without a credential, FORBIDDEN without the permission */
export function authorize(
  actor: Actor,
  operation: Operation,
  aboutUserId: number | null = null,
): void {
  if (isAuthorized(actor, operation, aboutUserId)) return;
  throw actor.kind === "ANONYMOUS" ? unauthenticated() : forbidden(operation);
}
