import { Pool } from "pg";
import { cursorKey, globalId, keyOf, toCursor } from "../floor/json.js";
import { statement as search } from "../floor/search-page.js";
import { statement as setStatus } from "../floor/set-status.js";
import { STATUS_IN_EFFECT } from "../floor/status-sql.js";

/** The default of Rollcall. */
const POOL_MAX = 10;

export interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly email: string | null;
}

export interface PresenceRow {
  readonly userId: number;
  readonly statusId: number;
  readonly source: string;
  readonly until: Date | null;
}

interface LockRow {
  readonly userId: number;
  readonly reason: string | null;
  readonly lockedAt: Date;
  readonly until: Date | null;
}

export interface ListArguments {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: { readonly search?: string | null } | null;
}

/** Data access without an object mapper: raw SQL as named statements, one for all rows of a field. */
export class Rows {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: POOL_MAX, options: "-c jit=off" });
  }

  async user({ by }: { by: { id: string } }): Promise<UserRow | null> {
    const found = await this.query<UserRow>("user", USER, [keyOf(by.id)]);
    return found[0] ?? null;
  }

  async users({ first, after, filter }: ListArguments) {
    const key = after ? cursorKey(after) : "";
    const rows = filter?.search
      ? await this.query<UserRow>(search.name, search.text, [filter.search, key])
      : await this.query<UserRow>("users", USERS, [key, first + 1]);
    const nodes = rows.slice(0, first);
    const last = nodes.at(-1);
    const endCursor = last ? toCursor(last.username.toLowerCase()) : null;
    return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
  }

  agents(ids: readonly number[]) {
    const sql = `SELECT user_id AS "userId", availability FROM agents WHERE user_id = ANY($1::int[])`;
    return this.query<{ userId: number; availability: string }>("agents", sql, [ids]);
  }

  presences(ids: readonly number[]): Promise<PresenceRow[]> {
    return this.query<PresenceRow>("presences", PRESENCES, [ids]);
  }

  statuses(ids: readonly number[]) {
    const sql = `SELECT id, name FROM statuses WHERE id = ANY($1::int[])`;
    return this.query<{ id: number; name: string }>("statuses", sql, [ids]);
  }

  locks(ids: readonly number[]): Promise<LockRow[]> {
    return this.query<LockRow>("locks", LOCKS, [ids]);
  }

  groups(ids: readonly number[]) {
    return this.query<{ userId: number; name: string }>("groups", GROUPS, [ids]);
  }

  /** The floor's statement: one transaction, one round trip. @returns null when it is refused */
  async setStatus(id: string, statusId: number): Promise<PresenceRow | null> {
    const userId = keyOf(id);
    const values = [userId, statusId, "peer", globalId("User", String(userId))];
    const [row] = await this.query("set-status", setStatus.text, values);
    return row ? { userId, statusId, source: "MANUAL", until: null } : null;
  }

  private async query<Row extends object>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    return (await this.pool.query<Row>({ name, text, values })).rows;
  }
}

const USER = `SELECT id, username, firstname, lastname, email FROM users WHERE id = $1`;

const USERS = `SELECT id, username, firstname, lastname, email FROM users
  WHERE lower(username) > $1 ORDER BY lower(username) LIMIT $2`;

const PRESENCES = `SELECT p.user_id AS "userId", ${STATUS_IN_EFFECT} AS "statusId", p.source, p.changes_at AS until
  FROM presences p WHERE p.user_id = ANY($1::int[])`;

const LOCKS = `SELECT user_id AS "userId", reason, set_at AS "lockedAt", until FROM presence_claims
  WHERE user_id = ANY($1::int[]) AND kind = 'LOCK' AND (until IS NULL OR until > now())`;

const GROUPS = `SELECT m.user_id AS "userId", g.name FROM group_members m JOIN groups g ON g.id = m.group_id
  WHERE m.user_id = ANY($1::int[]) ORDER BY lower(g.name)`;

export const displayNameOf = ({ firstname, lastname, username }: UserRow): string =>
  [firstname, lastname].filter(Boolean).join(" ") || username;

export const idOf = ({ id }: { readonly id: number }): string => globalId("User", String(id));

/** One row per key, in the order of the keys. */
export function inOrder<Row>(
  keys: readonly number[],
  rows: readonly Row[],
  keyOfRow: (row: Row) => number,
): (Row | null)[] {
  const byKey = new Map(rows.map((row) => [keyOfRow(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** All rows of each key. */
export function grouped<Row extends { readonly userId: number }>(
  keys: readonly number[],
  rows: readonly Row[],
): Row[][] {
  const byKey = new Map<number, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) byKey.get(row.userId)?.push(row);
  return keys.map((key) => byKey.get(key) ?? []);
}
