import { z } from "zod";
import { type Actor, hasPermission } from "../../domain/actor.js";
import { type Permission, permissions } from "../../domain/vocabulary.js";
import { forbidden } from "../../errors/domain-error.js";

/** Without duplicates. */
export const permissionSet = z.array(z.enum(permissions)).transform((named) => [...new Set(named)]);

/**
 * An actor cannot obtain permissions that it lacks, neither by granting them nor by setting the password of a user that
 * has them.
 *
 * @throws FORBIDDEN with the missing permissions
 */
export function assertCanGrant(actor: Actor, granted: readonly Permission[], action: string): void {
  const missing = granted.filter((permission) => !hasPermission(actor, permission));
  if (missing.length > 0) {
    throw forbidden(`${action} (needs ${missing.join(", ")} as well)`);
  }
}
