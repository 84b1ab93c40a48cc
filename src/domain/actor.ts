import { toGlobalId } from "./global-id.js";
import type { IdempotencyScope, IdempotentCall } from "./idempotent-call.js";
import type { ActorKind, Door, Permission } from "./vocabulary.js";

/** The identity that a request acts as, with its permissions and its door. Created once per request. */
export interface Actor {
  readonly kind: ActorKind;
  /** The API key or login session behind the request; null without one. */
  readonly credentialId: number | null;
  /** Of an API key: the generation of the secret that was presented, from 1. */
  readonly secretGeneration?: number;
  /** When the credential expires; null if never. For what outlives a request, such as a WebSocket. */
  readonly credentialExpiresAt: Date | null;
  /** The user of the session, or the owner of the key. */
  readonly userId: number | null;
  /** The name in the audit: a username or the name of a key. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly door: Door;
  readonly requestId: string;
  /** The client's IP address; undefined for Rollcall's own work. */
  readonly address?: string;
  /** Of a request with an Idempotency-Key: the current operation. */
  readonly idempotency?: IdempotencyScope;
  /** Of such an operation: its change. */
  readonly idempotencyCall?: IdempotentCall;
  /** As `performance.now()`. The client then receives a timeout, and no change of the request commits any more. */
  readonly deadline?: number;
}

/** The part of an actor that comes from the request, not from the credential. */
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

/** Rollcall itself: sweeper, demo data, bootstrap key. */
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

/** The global id of the actor's credential, as in events; null without one. */
export function credentialSubject({
  kind,
  credentialId,
}: Pick<Actor, "kind" | "credentialId">): string | null {
  if (credentialId === null) return null;
  return toGlobalId(kind === "API_KEY" ? "ApiKey" : "LoginSession", credentialId);
}

/** Identifies the presented secret: an old secret may expire before its key. */
export const presentedSecret = (
  actor: Pick<Actor, "kind" | "credentialId" | "secretGeneration">,
): string => `${credentialSubject(actor)} ${actor.secretGeneration ?? 0}`;
