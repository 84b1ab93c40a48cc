import { mapBatches } from "../../../domain/map-batches.js";
import { Parameters } from "../../../database/pagination/parameters.js";
import type { Reader } from "../../../database/reader.js";
import type { Snapshot } from "../../../database/snapshot.js";
import { type ListedColumns, type ListedUser, listedSelection } from "./listed-user.js";
import { orderOf, type LegacyListQuery, whereOf } from "./query.js";
import { countSql, sliceSql } from "./slice.js";
import {
  FEW_FULL_USERS_BY_PRESENCE,
  FULL_USERS,
  type FullUserSelection,
  type FullUser,
  fullUserSelection,
} from "./full-user.js";

/**
 * The rows of several lists at once should be garbage before the collector has seen them twice. A whole person takes
 * the memory of several listed ones.
 */
const LISTED_AT_ONCE = 300;
const WHOLE_AT_ONCE = 100;

/** Looking up so many takes 20 ms, and so does reading 100,000 people to find them. */
const FEW = 10_000;

/** Several reads that fit together: people as they were at one moment. One stream, as the last of them. */
export class UserSnapshot {
  private constructor(
    private readonly reader: Reader,
    private readonly snapshot: Snapshot,
  ) {}

  get at(): Date {
    return this.snapshot.at;
  }

  /** @param read makes the answer, piece by piece; the moment lasts for as long as it is read */
  static async *read<Piece>(
    reader: Reader,
    read: (moment: UserSnapshot) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    const snapshot = await reader.snapshot();
    try {
      yield* read(new UserSnapshot(reader, snapshot));
    } finally {
      await snapshot.close();
    }
  }

  async count(query: LegacyListQuery): Promise<number> {
    const parameters = new Parameters();
    const sql = countSql(query, parameters);
    const [counted] = await this.snapshot.query<{ total: string }>(sql, parameters.values);
    return Number(counted?.total);
  }

  /** The first ones. */
  async firstListed<Columns extends ListedColumns>(
    columns: Columns,
    query: LegacyListQuery,
    limit: number,
  ): Promise<readonly ListedUser<Columns>[]> {
    const { select, rowMode, toPerson } = listedSelection(this.reader, columns);
    const parameters = new Parameters();
    const sql = sliceSql(select, query, { offset: 0, limit }, parameters);
    const rows = await this.snapshot.query<unknown[]>(sql, parameters.values, rowMode);
    return rows.map(toPerson);
  }

  /**
   * Everybody who fits, a batch at a time.
   *
   * @param count how many that are, where it is known
   */
  streamListed<Columns extends ListedColumns>(
    columns: Columns,
    query: LegacyListQuery,
    count = Infinity,
  ): AsyncIterable<readonly ListedUser<Columns>[]> {
    const people = query.online && count <= FEW ? FEW_FULL_USERS_BY_PRESENCE : FULL_USERS;
    return this.batches(listedSelection(this.reader, columns, people), query, LISTED_AT_ONCE);
  }

  /** The same with everything that is known of them, which takes several times as long. */
  everything(query: LegacyListQuery): AsyncIterable<readonly FullUser[]> {
    return this.batches(fullUserSelection(this.reader), query, WHOLE_AT_ONCE);
  }

  private batches<Row extends object, Listed>(
    { select, rowMode, toPerson }: FullUserSelection<Row, Listed>,
    query: LegacyListQuery,
    size: number,
  ): AsyncIterable<readonly Listed[]> {
    const parameters = new Parameters();
    const sql = `${select} ${whereOf(query, parameters)} ${orderOf(query)}`;
    const rows = this.snapshot.stream<Row>(sql, parameters.values, size, rowMode);
    return mapBatches(rows, (batch) => batch.map(toPerson));
  }
}
