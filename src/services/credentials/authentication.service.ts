import { LRUCache } from "lru-cache";
import { type Actor, anonymous, type Origin, shownSecret } from "../../domain/actor.js";
import type { Permission } from "../../domain/vocabulary.js";
import { unauthenticated } from "../../errors/domain-error.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import {
  isActiveOwner,
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
  /** Of an API key. */
  readonly generation: number | null;
}

/** Of `api_keys k` and their owners, `users o`. */
const IS_VALID_KEY = `${isValidKey("k", TRANSACTION_TIME)} AND ${isActiveOwner("o")}`;
/** Of `login_sessions s` and their users, `u`. */
const IS_VALID_SESSION = `${isValidSession("s", TRANSACTION_TIME)} AND u.active`;

const KEY_USE_IS_STALE = `k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute'`;

/** One statement for all kinds: a hash is in one of the tables, and each has an index on it. */
const FIND_CREDENTIAL = `
  SELECT 'API_KEY' AS kind, k.id, k.owner_user_id AS "userId", k.name, k.permissions, k.expires_at AS "expiresAt",
         ${KEY_USE_IS_STALE} AS "isUseStale", k.generation
  FROM api_keys k LEFT JOIN users o ON o.id = k.owner_user_id
  WHERE k.secret_hash = $1 AND ${IS_VALID_KEY}
  UNION ALL
  SELECT 'API_KEY', k.id, k.owner_user_id, k.name, k.permissions, least(k.expires_at, r.expires_at),
         ${KEY_USE_IS_STALE}, r.generation
  FROM retired_api_key_secrets r JOIN api_keys k ON k.id = r.api_key_id LEFT JOIN users o ON o.id = k.owner_user_id
  WHERE r.secret_hash = $1 AND ${isValidRetiredSecret("r", TRANSACTION_TIME)} AND ${IS_VALID_KEY}
  UNION ALL
  SELECT 'SESSION', s.id, u.id, u.username, u.permissions, s.expires_at,
         s.last_used_at IS NULL OR s.last_used_at < now() - interval '1 minute', NULL
  FROM login_sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND ${IS_VALID_SESSION}`;

interface LifetimeRow extends Pick<Actor, "kind" | "credentialId" | "secretGeneration"> {
  readonly permissions: Permission[];
  readonly ms: string | null;
}

/** Of the credentials that still hold, how long they will, by the database's clock. */
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

/** What an actor is by their credential. */
type Credential = Omit<Actor, keyof Origin>;

interface Known {
  readonly row: CredentialRow;
  readonly credential: Credential;
  /** For how many requests it is being looked up now. */
  asking: number;
}

/**
 * When so many ask at once, nothing is presumed: they are confirmed together and worked for one behind the other, which takes
 * less of the processor than working for each as it comes.
 */
const CROWD = 8;

/** So many credentials are remembered; each takes less than a kilobyte. */
const REMEMBERED_MAX = 10_000;

/** Who seems to ask, and who does. */
export interface Recognition {
  /** Who showed the same credential the last time; null: wait until it is confirmed. */
  readonly presumed: Actor | null;
  /** The very same, unless something has changed since; rejects as `authenticate`. */
  readonly confirmed: Promise<Actor>;
}

/** How a credential becomes an actor. Asked afresh for each request, so that a revocation holds at once. */
export class AuthenticationService {
  private readonly noting = new Set<string>();
  /** By the hash of the secret. */
  private readonly remembered = new LRUCache<string, Known>({ max: REMEMBERED_MAX });

  constructor(
    private readonly reader: Reader,
    private readonly attempts: FailedAttempts,
  ) {}

  /**
   * @param secret an API key or a session token; undefined when the request carries none
   * @throws UNAUTHENTICATED when one is given that is unknown, expired or revoked,
   *   RATE_LIMITED when the address has sent too many of those
   */
  async authenticate(secret: string | undefined, origin: Origin): Promise<Actor> {
    if (secret === undefined) return anonymous(origin);
    const { credential } = await this.find(keyOf(secret), origin);
    return actorOf(origin, credential);
  }

  /**
   * For those who can use the time until it is certain who asks: to work out what they will tell nobody before, and without
   * changing anything. Only who has shown their credential lately is presumed to be the same.
   */
  recognize(secret: string | undefined, origin: Origin): Recognition {
    if (secret === undefined)
      return { presumed: null, confirmed: this.authenticate(secret, origin) };
    const key = keyOf(secret);
    const known = this.remembered.get(key);
    const presumed = known && known.asking < CROWD ? actorOf(origin, known.credential) : null;
    const confirmed = this.find(key, origin).then((found) =>
      presumed && found === known ? presumed : actorOf(origin, found.credential),
    );
    // It may fail before anybody waits for it.
    confirmed.catch(() => undefined);
    return { presumed, confirmed };
  }

  /** @returns the very same as long as nothing has changed */
  private async find(key: string, origin: Origin): Promise<Known> {
    const row = await this.lookUp(key);
    if (!row) {
      this.remembered.delete(key);
      await this.attempts.badKey(origin);
      throw unauthenticated("The credential is unknown, expired or revoked");
    }
    if (row.isUseStale) this.noteUse(row);
    const known = this.remembered.get(key);
    if (known && isSameCredential(row, known.row)) return known;
    const found = { row, credential: toCredential(row), asking: 0 };
    this.remembered.set(key, found);
    return found;
  }

  private async lookUp(key: string): Promise<CredentialRow | undefined> {
    const known = this.remembered.get(key);
    if (known) known.asking += 1;
    try {
      return (await this.reader.lookUp<CredentialRow>(FIND_CREDENTIAL, [key]))[0];
    } finally {
      if (known) known.asking -= 1;
    }
  }

  /**
   * For what stays open after its credential was checked.
   *
   * @returns for those whose credential still holds, with the permissions that it had, how many
   *   milliseconds it has left; null when it does not end by itself
   */
  async lifetimes(actors: readonly Actor[]): Promise<Map<Actor, number | null>> {
    const different = [...new Map(actors.map((actor) => [shownSecret(actor), actor])).values()];
    const ofKind = (kind: Actor["kind"]) => different.filter((actor) => actor.kind === kind);
    const keys = ofKind("API_KEY");
    const rows = await this.reader.query<LifetimeRow>(FIND_LIFETIMES, [
      keys.map(({ credentialId }) => credentialId),
      keys.map(({ secretGeneration }) => secretGeneration),
      ofKind("SESSION").map(({ credentialId }) => credentialId),
    ]);
    const bySecret = new Map(rows.map((row) => [shownSecret(row), row]));
    return new Map(
      actors.flatMap((actor) => {
        const row = bySecret.get(shownSecret(actor));
        if (!row || !isSame(actor.permissions, row.permissions)) return [];
        return [[actor, row.ms === null ? null : Number(row.ms)] as const];
      }),
    );
  }

  /**
   * For clients that send a user's id beside the secret. A key that is nobody's goes with any id.
   *
   * @throws UNAUTHENTICATED when the credential is somebody else's
   */
  async assertIsUser(actor: Actor, rocketChatUserId: string): Promise<void> {
    if (actor.userId === null) return;
    const matching = await this.reader.query(
      `SELECT 1 FROM users WHERE id = $1 AND rocket_chat_id = $2`,
      [actor.userId, rocketChatUserId.replaceAll("\u0000", "")],
    );
    if (matching.length === 0) throw unauthenticated("The credential is another user's");
  }

  /** Beside the request: a database that cannot write must not keep anybody from reading. */
  private noteUse({ kind, id }: CredentialRow): void {
    const use = `${kind} ${id}`;
    // Of many requests at once, each would wait for the row with a connection of the pool.
    if (this.noting.has(use)) return;
    this.noting.add(use);
    const end = () => void this.noting.delete(use);
    this.reader.query(TOUCH_CREDENTIAL[kind], [id]).then(end, end);
  }
}

const isSame = (held: ReadonlySet<Permission>, permissions: readonly Permission[]): boolean =>
  permissions.every((permission) => held.has(permission)) &&
  held.size === new Set(permissions).size;

/** The hash of a secret as Postgres writes bytes; text, since it is compared with that of other requests. */
const keyOf = (secret: string): string => `\\x${hashSecretHex(secret)}`;

/** A spread behind another spread takes as long as much else of a request together. */
const actorOf = (origin: Origin, credential: Credential): Actor =>
  Object.assign({}, origin, credential);

const toCredential = (row: CredentialRow): Credential => ({
  kind: row.kind,
  credentialId: row.id,
  ...(row.generation === null ? {} : { secretGeneration: row.generation }),
  credentialExpiresAt: row.expiresAt,
  userId: row.userId,
  name: row.name,
  permissions: new Set(row.permissions),
});

const isSameCredential = (a: CredentialRow, b: CredentialRow): boolean =>
  a.kind === b.kind &&
  a.id === b.id &&
  a.generation === b.generation &&
  a.userId === b.userId &&
  a.name === b.name &&
  a.expiresAt?.getTime() === b.expiresAt?.getTime() &&
  a.permissions.length === b.permissions.length &&
  a.permissions.every((permission, i) => permission === b.permissions[i]);
