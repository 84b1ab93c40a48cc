import { z } from "zod";
import type { Actor } from "../../../domain/actor.js";
import { mapBatches } from "../../../domain/map-batches.js";
import type { Operation } from "../../../domain/permission-table.js";
import { notFound } from "../../../errors/domain-error.js";
import { Parameters } from "../../../database/pagination/parameters.js";
import type { Reader } from "../../../database/reader.js";
import type { Snapshot } from "../../../database/snapshot.js";
import { authorize } from "../../authorize.js";
import { parseInput } from "../../parse-input.js";
import { getUser, type UserRef, userRef } from "../user-ref.js";
import { countSql, type LegacyListQuery, listSql, type Slice, sliceSql } from "./query.js";
import {
  FEW_USERS_BY_PRESENCE,
  type FullUser,
  type FullUserColumns,
  fullUserSelection,
  type ListedColumns,
  type ListedUser,
  listedUserSelection,
  USERS,
  type UserSelection,
} from "./rows.js";

export type { LegacyListQuery } from "./query.js";
export type { FullUser, FullUserColumns, ListedColumns, ListedUser } from "./rows.js";

const sliceInput = z.object({
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(0).max(1000),
});

/** Users as the legacy APIs list them: by offset, or all in one response. GraphQL pages by cursor instead. */
export class LegacyListService {
  constructor(private readonly reader: Reader) {}

  /** @throws NOT_FOUND; FORBIDDEN without the operation's permission */
  async get(actor: Actor, operation: Operation, ref: UserRef): Promise<FullUser> {
    const user = await getUser(this.reader, actor, operation, parseInput(actor, userRef, ref));
    const { select, toUser } = fullUserSelection(this.reader);
    const [row] = await this.reader.query(`${select} WHERE u.id = $1`, [user.id]);
    if (!row) throw notFound("User", user.username);
    return toUser(row);
  }

  /**
   * @param columns the columns that the caller reads; all when omitted
   * @returns one slice of the list, and the length of the whole list
   * @throws BAD_USER_INPUT; FORBIDDEN without the operation's permission
   */
  async slice(
    actor: Actor,
    operation: Operation,
    query: LegacyListQuery,
    slice: Slice,
    columns?: FullUserColumns,
  ): Promise<{ readonly users: readonly FullUser[]; readonly total: number }> {
    authorize(actor, operation);
    const parsed = parseInput(actor, sliceInput, slice);
    const [counted, listed] = [new Parameters(), new Parameters()];
    const counting = this.reader.query<{ total: string }>(countSql(query, counted), counted.values);
    const { select, toUser } = fullUserSelection(this.reader, columns);
    const rows = this.reader.query(sliceSql(select, query, parsed, listed), listed.values);
    const [[count], users] = await Promise.all([counting, rows]);
    return { users: users.map(toUser), total: Number(count?.total) };
  }

  /**
   * For lists that may not fit into memory, and for responses that count before they list. The snapshot stays open
   * until the response is consumed, so their number is limited: see `Reader.snapshot`.
   *
   * @param read yields the response in pieces
   * @throws FORBIDDEN without the operation's permission, immediately; RATE_LIMITED with the first piece
   */
  inSnapshot<Piece>(
    actor: Actor,
    operation: Operation,
    read: (snapshot: UserSnapshot) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    authorize(actor, operation);
    return readSnapshot(this.reader, read);
  }
}

async function* readSnapshot<Piece>(
  reader: Reader,
  read: (snapshot: UserSnapshot) => AsyncIterable<Piece>,
): AsyncGenerator<Piece> {
  const snapshot = await reader.snapshot();
  try {
    yield* read(new UserSnapshot(reader, snapshot));
  } finally {
    await snapshot.close();
  }
}

/**
 * Rows per batch. The batches of several concurrent lists should be garbage before the collector has seen them twice,
 * and a full user takes the memory of several listed ones.
 */
const LISTED_BATCH = 300;
const FULL_BATCH = 100;

/** Up to this many users are looked up singly, which takes 20 ms, as does reading 100,000 users. */
const FEW = 10_000;

/** Users as they are at one moment, over several statements. At most one stream, after all other reads. */
export class UserSnapshot {
  constructor(
    private readonly reader: Reader,
    private readonly snapshot: Snapshot,
  ) {}

  get at(): Date {
    return this.snapshot.at;
  }

  async count(query: LegacyListQuery): Promise<number> {
    const parameters = new Parameters();
    const sql = countSql(query, parameters);
    const [counted] = await this.snapshot.query<{ total: string }>(sql, parameters.values);
    return Number(counted?.total);
  }

  async first<Columns extends ListedColumns>(
    columns: Columns,
    query: LegacyListQuery,
    limit: number,
  ): Promise<readonly ListedUser<Columns>[]> {
    const { select, rowMode, toUser } = listedUserSelection(this.reader, columns);
    const parameters = new Parameters();
    const sql = sliceSql(select, query, { offset: 0, limit }, parameters);
    const rows = await this.snapshot.query<unknown[]>(sql, parameters.values, rowMode);
    return rows.map(toUser);
  }

  /**
   * The whole list, in batches.
   *
   * @param count its length, if known
   */
  stream<Columns extends ListedColumns>(
    columns: Columns,
    query: LegacyListQuery,
    count = Infinity,
  ): AsyncIterable<readonly ListedUser<Columns>[]> {
    const users = query.online && count <= FEW ? FEW_USERS_BY_PRESENCE : USERS;
    return this.batches(listedUserSelection(this.reader, columns, users), query, LISTED_BATCH);
  }

  /** The same with all columns, which takes several times as long. */
  streamFull(query: LegacyListQuery): AsyncIterable<readonly FullUser[]> {
    return this.batches(fullUserSelection(this.reader), query, FULL_BATCH);
  }

  private batches<Row extends object, Item>(
    { select, rowMode, toUser }: UserSelection<Row, Item>,
    query: LegacyListQuery,
    size: number,
  ): AsyncIterable<readonly Item[]> {
    const parameters = new Parameters();
    const sql = listSql(select, query, parameters);
    const rows = this.snapshot.stream<Row>(sql, parameters.values, size, rowMode);
    return mapBatches(rows, (batch) => batch.map(toUser));
  }
}
