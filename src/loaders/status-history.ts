import DataLoader from "dataloader";
import { StatusChange } from "../entities/status-change.entity.js";
import {
  type KeysetOrder,
  type Page,
  type PageRequest,
  readCursor,
  readSize,
  writeCursor,
} from "../persistence/keyset-page.js";
import type { Reader } from "../persistence/reader.js";
import { grouped, inKeyOrder } from "./key-order.js";
import { memoize } from "./memoize.js";

/** A stretch of somebody's history, newest first. */
export interface HistoryRequest {
  readonly since: Date | null;
  /** Start after this change; null: at the newest. */
  readonly after: { readonly changedAt: string; readonly id: string } | null;
  readonly limit: number;
}

/**
 * History is asked per person, with arguments: one loader per set of arguments, each of which fetches
 * that stretch for all people in one statement.
 */
export function createHistoryLoaders(reader: Reader, options: { cache: boolean }) {
  return {
    statusHistory: memoize((request: HistoryRequest) => {
      const columns = reader.table(StatusChange).columns("c");
      return new DataLoader(async (userIds: readonly number[]) => {
        const rows = await reader.rows<StatusChange & { cursorTime: string }>(
          StatusChange,
          `SELECT h.* FROM unnest($1::int[]) AS k(user_id) CROSS JOIN LATERAL (
             SELECT ${columns}, c.changed_at::text AS "cursorTime" FROM status_changes c
             WHERE c.user_id = k.user_id AND ($2::timestamptz IS NULL OR c.changed_at >= $2)
               AND ($3::timestamptz IS NULL OR (c.changed_at, c.id) < ($3, $4::bigint))
             ORDER BY c.changed_at DESC, c.id DESC LIMIT $5
           ) h`,
          [userIds, request.since, request.after?.changedAt, request.after?.id, request.limit],
        );
        return grouped(userIds, rows, (row) => row.userId);
      }, options);
    }),
    statusChangeCount: memoize((since: Date | null) => {
      return new DataLoader(async (userIds: readonly number[]) => {
        const rows = await reader.query<{ userId: number; total: string }>(
          `SELECT user_id AS "userId", count(*) AS total FROM status_changes
           WHERE user_id = ANY($1::int[]) AND ($2::timestamptz IS NULL OR changed_at >= $2) GROUP BY user_id`,
          [userIds, since],
        );
        return inKeyOrder(userIds, rows, (row) => row.userId).map((row) => Number(row?.total ?? 0));
      }, options);
    }),
  };
}

const newestFirst: KeysetOrder = {
  name: "history",
  keys: [
    { sql: "c.changed_at", type: "timestamptz" },
    { sql: "c.id", type: "bigint" },
  ],
  descending: true,
};

/** One person's stretch of history as a page; all people of a request share one statement. */
export async function fetchStatusHistory(
  loaders: ReturnType<typeof createHistoryLoaders>,
  userId: number,
  request: PageRequest & { since?: Date | null },
): Promise<Page<StatusChange>> {
  const { size } = readSize(request);
  const since = request.since ?? null;
  const cursor = request.after ?? null;
  const [changedAt, id] = cursor === null ? [] : readCursor(cursor, newestFirst, "after");
  const after = changedAt === undefined || id === undefined ? null : { changedAt, id };
  const found = await loaders.statusHistory({ since, after, limit: size + 1 }).load(userId);
  const rows = found.slice(0, size);
  return {
    rows,
    cursors: rows.map((row) => writeCursor(newestFirst, [row.cursorTime, row.id])),
    hasNextPage: found.length > size,
    hasPreviousPage: after !== null,
    count: () => loaders.statusChangeCount(since).load(userId),
  };
}
