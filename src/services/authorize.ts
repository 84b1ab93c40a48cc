import { type Actor, hasPermission } from "../domain/actor.js";
import { type Operation, requirementOf } from "../domain/permission-table.js";
import { forbidden, unauthenticated } from "../errors/domain-error.js";

/**
 * Whether the actor may do this, to that person if it is about one.
 *
 * @param aboutUserId null when the operation is about nobody in particular
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
  return self === true && aboutUserId !== null && isThemself(actor, aboutUserId);
}

/** Only who signed in is themself: the owner of a key has given it just the key's permissions. */
const isThemself = (actor: Actor, userId: number): boolean =>
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
