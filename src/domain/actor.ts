import { toGlobalId } from "./global-id.js";
import type { IdempotencyScope, IdempotentCall } from "./idempotent-call.js";
import type { ActorKind, Door, Permission } from "./vocabulary.js";

/** Who asks, and through which door. Made from a credential once per request. */
export interface Actor {
  readonly kind: ActorKind;
  /** The API key or login session behind the request; null without one. */
  readonly credentialId: number | null;
  /** Of an API key: which of its secrets was shown, counted from 1. */
  readonly secretGeneration?: number;
  /** When that ends by itself; null when it does not. For what outlives a request, such as a socket. */
  readonly credentialExpiresAt: Date | null;
  /** The person who signed in, or who owns the key. */
  readonly userId: number | null;
  /** What the audit calls this actor: a username or the name of a key. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly door: Door;
  readonly requestId: string;
  /** Where it came from; absent for what comes from nowhere. */
  readonly address?: string;
  /** Of a request with an Idempotency-Key: the operation that is executed. */
  readonly idempotency?: IdempotencyScope;
  /** Of such an operation: the change that it makes. */
  readonly idempotencyCall?: IdempotentCall;
  /** By `performance.now()`: whoever asked is told then that it took too long, and nothing is changed any more. */
  readonly deadline?: number;
}

/** Where a request came in; every actor carries it. */
export type Origin = Pick<Actor, "door" | "requestId" | "address" | "idempotency" | "deadline">;

export const anonymous = (origin: Origin): Actor => ({
  ...origin,
  kind: "ANONYMOUS",
  credentialId: null,
  credentialExpiresAt: null,
  userId: null,
  name: "anonymous",
  permissions: new Set(),
});

/** Rollcall's own work: sweeping, seeding, the bootstrap key. */
export const system = (requestId: string): Actor => ({
  kind: "SYSTEM",
  credentialId: null,
  credentialExpiresAt: null,
  userId: null,
  name: "rollcall",
  permissions: new Set(["ADMIN"]),
  door: "SYSTEM",
  requestId,
});

/** ADMIN implies every other permission. */
export const hasPermission = (actor: Pick<Actor, "permissions">, permission: Permission): boolean =>
  actor.permissions.has(permission) || actor.permissions.has("ADMIN");

/** The global id of the actor's credential, as events carry it; null without a credential. */
export function credentialSubject({
  kind,
  credentialId,
}: Pick<Actor, "kind" | "credentialId">): string | null {
  if (credentialId === null) return null;
  return toGlobalId(kind === "API_KEY" ? "ApiKey" : "LoginSession", credentialId);
}

/** The credential and the generation of the secret that was presented: an old secret may expire before its key. */
export const shownSecret = (
  actor: Pick<Actor, "kind" | "credentialId" | "secretGeneration">,
): string => `${credentialSubject(actor)} ${actor.secretGeneration ?? 0}`;
