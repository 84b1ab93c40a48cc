import { z } from "zod";
import { type Actor, hasPermission } from "../../domain/actor.js";
import { type Permission, permissions } from "../../domain/vocabulary.js";
import { forbidden } from "../../errors/domain-error.js";

/** Each permission once, however often it is named. */
export const permissionSet = z.array(z.enum(permissions)).transform((named) => [...new Set(named)]);

/**
 * Nobody hands out more than they hold: neither by granting permissions, nor by taking over a person
 * who holds them (a new password would be that).
 *
 * @throws FORBIDDEN naming what is missing
 */
export function assertHoldsAll(actor: Actor, granted: readonly Permission[], action: string): void {
  const missing = granted.filter((permission) => !hasPermission(actor, permission));
  if (missing.length > 0) {
    throw forbidden(`${action} (needs ${missing.join(", ")} as well)`);
  }
}
