import { type Actor, anonymous, type Origin, presentedSecret } from "../../domain/actor.js";
import type { Permission } from "../../domain/vocabulary.js";
import { unauthenticated } from "../../errors/domain-error.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import {
  isActiveOwner,
  isUseStale,
  isValidKey,
  isValidRetiredSecret,
  isValidSession,
} from "./credential-sql.js";
import type { FailedAttempts } from "./failed-attempts.js";
import { hashSecretHex } from "./secrets.js";

interface CredentialRow {
  readonly kind: "API_KEY" | "SESSION";
  readonly id: number;
  readonly userId: number | null;
  readonly name: string;
  readonly permissions: Permission[];
  readonly expiresAt: Date | null;
  readonly isUseStale: boolean;
  /** Null for a session. */
  readonly generation: number | null;
}

/** Of `api_keys k` and their owners, `users o`. */
const IS_VALID_KEY = `${isValidKey("k", TRANSACTION_TIME)} AND ${isActiveOwner("o")}`;
/** Of `login_sessions s` and their users, `u`. */
const IS_VALID_SESSION = `${isValidSession("s", TRANSACTION_TIME)} AND u.active`;

/** One statement for all kinds: a hash is in one of three tables, each with an index on it. */
const FIND_CREDENTIAL = `
  SELECT 'API_KEY' AS kind, k.id, k.owner_user_id AS "userId", k.name, k.permissions, k.expires_at AS "expiresAt",
         ${isUseStale("k", TRANSACTION_TIME)} AS "isUseStale", k.generation
  FROM api_keys k LEFT JOIN users o ON o.id = k.owner_user_id
  WHERE k.secret_hash = $1 AND ${IS_VALID_KEY}
  UNION ALL
  SELECT 'API_KEY', k.id, k.owner_user_id, k.name, k.permissions, least(k.expires_at, r.expires_at),
         ${isUseStale("k", TRANSACTION_TIME)}, r.generation
  FROM retired_api_key_secrets r JOIN api_keys k ON k.id = r.api_key_id LEFT JOIN users o ON o.id = k.owner_user_id
  WHERE r.secret_hash = $1 AND ${isValidRetiredSecret("r", TRANSACTION_TIME)} AND ${IS_VALID_KEY}
  UNION ALL
  SELECT 'SESSION', s.id, u.id, u.username, u.permissions, s.expires_at,
         ${isUseStale("s", TRANSACTION_TIME)}, NULL
  FROM login_sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND ${IS_VALID_SESSION}`;

interface LifetimeRow extends Pick<Actor, "kind" | "credentialId" | "secretGeneration"> {
  readonly permissions: Permission[];
  readonly ms: string | null;
}

/** Remaining lifetimes of valid credentials, by the database's clock. */
const FIND_LIFETIMES = `
  SELECT 'API_KEY' AS kind, k.id AS "credentialId", a.generation AS "secretGeneration", k.permissions,
         extract(epoch FROM least(k.expires_at, r.expires_at) - now()) * 1000 AS ms
  FROM unnest($1::int[], $2::int[]) a (id, generation) JOIN api_keys k ON k.id = a.id
    LEFT JOIN users o ON o.id = k.owner_user_id
    LEFT JOIN retired_api_key_secrets r ON r.api_key_id = a.id AND r.generation = a.generation
  WHERE ${IS_VALID_KEY} AND (r.api_key_id IS NULL OR ${isValidRetiredSecret("r", TRANSACTION_TIME)})
  UNION ALL
  SELECT 'SESSION', s.id, NULL, u.permissions, extract(epoch FROM s.expires_at - now()) * 1000
  FROM login_sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ANY($3::int[]) AND ${IS_VALID_SESSION}`;

const TOUCH_CREDENTIAL: Record<CredentialRow["kind"], string> = {
  API_KEY: `UPDATE api_keys SET last_used_at = now() WHERE id = $1`,
  SESSION: `UPDATE login_sessions SET last_used_at = now() WHERE id = $1`,
};

/** Verifies credentials. The database is queried for each request, so that a revocation takes effect immediately. */
export class AuthenticationService {
  /** Credentials whose `last_used_at` is being written. */
  private readonly touching = new Set<string>();

  constructor(
    private readonly reader: Reader,
    private readonly attempts: FailedAttempts,
  ) {}

  /**
   * Concurrent requests with the same credential share one statement.
   *
   * @param secret an API key or a session token; undefined when the request has none
   * @returns the anonymous actor when there is no secret
   * @throws UNAUTHENTICATED when the secret is unknown, expired or revoked,
   *   RATE_LIMITED when the address has sent too many of those
   */
  async authenticate(secret: string | undefined, origin: Origin): Promise<Actor> {
    if (secret === undefined) return anonymous(origin);
    const [row] = await this.reader.lookUp<CredentialRow>(FIND_CREDENTIAL, [byteaOf(secret)]);
    if (!row) {
      await this.attempts.countBadKey(origin);
      throw unauthenticated("The credential is unknown, expired or revoked");
    }
    if (row.isUseStale) this.touch(row);
    return toActor(origin, row);
  }

  /**
   * For connections that stay open after their credential was verified.
   *
   * @returns the remaining lifetime in milliseconds of each credential that is still valid and has the same permissions;
   *   null when it does not expire
   */
  async lifetimes(actors: readonly Actor[]): Promise<Map<Actor, number | null>> {
    const different = [...new Map(actors.map((actor) => [presentedSecret(actor), actor])).values()];
    const ofKind = (kind: Actor["kind"]) => different.filter((actor) => actor.kind === kind);
    const keys = ofKind("API_KEY");
    const rows = await this.reader.query<LifetimeRow>(FIND_LIFETIMES, [
      keys.map(({ credentialId }) => credentialId),
      keys.map(({ secretGeneration }) => secretGeneration),
      ofKind("SESSION").map(({ credentialId }) => credentialId),
    ]);
    const bySecret = new Map(rows.map((row) => [presentedSecret(row), row]));
    return new Map(
      actors.flatMap((actor) => {
        const row = bySecret.get(presentedSecret(actor));
        if (!row || !isSame(actor.permissions, row.permissions)) return [];
        return [[actor, row.ms === null ? null : Number(row.ms)] as const];
      }),
    );
  }

  /**
   * For clients that send a user's id with the secret. An API key without an owner goes with any id.
   *
   * @throws UNAUTHENTICATED when the credential belongs to another user
   */
  async assertIsUser(actor: Actor, rocketChatUserId: string): Promise<void> {
    if (actor.userId === null) return;
    const matching = await this.reader.query(
      `SELECT 1 FROM users WHERE id = $1 AND rocket_chat_id = $2`,
      [actor.userId, rocketChatUserId.replaceAll("\u0000", "")],
    );
    if (matching.length === 0) throw unauthenticated("The credential belongs to another user");
  }

  /** Not awaited by the request: a database that cannot write must not prevent reads. */
  private touch({ kind, id }: CredentialRow): void {
    const credential = `${kind} ${id}`;
    // Each of many concurrent requests would wait for the row lock with a connection of the pool.
    if (this.touching.has(credential)) return;
    this.touching.add(credential);
    const end = () => void this.touching.delete(credential);
    this.reader.query(TOUCH_CREDENTIAL[kind], [id]).then(end, end);
  }
}

const isSame = (held: ReadonlySet<Permission>, permissions: readonly Permission[]): boolean =>
  permissions.every((permission) => held.has(permission)) &&
  held.size === new Set(permissions).size;

/** The hash of a secret as Postgres writes bytea; text, since concurrent reads are coalesced by their values. */
const byteaOf = (secret: string): string => `\\x${hashSecretHex(secret)}`;

/** Without a spread, which costs more than the rest for each request. */
const toActor = (origin: Origin, row: CredentialRow): Actor => ({
  door: origin.door,
  requestId: origin.requestId,
  address: origin.address,
  idempotency: origin.idempotency,
  deadline: origin.deadline,
  kind: row.kind,
  credentialId: row.id,
  secretGeneration: row.generation ?? undefined,
  credentialExpiresAt: row.expiresAt,
  userId: row.userId,
  name: row.name,
  permissions: new Set(row.permissions),
});
