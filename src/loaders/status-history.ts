import DataLoader from "dataloader";
import { StatusChange } from "../entities/status-change.entity.js";
import {
  type KeysetOrder,
  type Page,
  type PageRequest,
  readCursor,
  readSize,
  writeCursor,
} from "../database/pagination/keyset-page.js";
import type { Reader } from "../database/reader.js";
import type { Loaders } from "./index.js";
import { keyArray } from "../database/pagination/key-array.js";
import { grouped, inKeyOrder } from "./key-order.js";

/** A part of the status history of a user, newest first. */
export interface HistoryRequest {
  readonly since: Date | null;
  /** Start after this change; null: at the newest. */
  readonly after: { readonly changedAt: string; readonly id: string } | null;
  readonly limit: number;
}

type HistoryEntry = StatusChange & { readonly cursorTime: string };

/** The requested part of each user's history. */
export async function loadHistory(
  reader: Reader,
  userIds: readonly number[],
  { since, after, limit }: HistoryRequest,
): Promise<HistoryEntry[][]> {
  const rows = await reader.rows<HistoryEntry>(
    StatusChange,
    `SELECT h.* FROM unnest($1::int[]) AS k(user_id) CROSS JOIN LATERAL (
       SELECT ${reader.table(StatusChange).columns("c")}, c.changed_at::text AS "cursorTime" FROM status_changes c
       WHERE c.user_id = k.user_id AND ($2::timestamptz IS NULL OR c.changed_at >= $2)
         AND ($3::timestamptz IS NULL OR (c.changed_at, c.id) < ($3, $4::bigint))
       ORDER BY c.changed_at DESC, c.id DESC LIMIT $5
     ) h`,
    [keyArray(userIds), since, after?.changedAt, after?.id, limit],
  );
  return grouped(userIds, rows, (row) => row.userId);
}

export async function loadHistoryLengths(
  reader: Reader,
  userIds: readonly number[],
  since: Date | null,
): Promise<number[]> {
  const rows = await reader.query<{ userId: number; total: string }>(
    `SELECT user_id AS "userId", count(*) AS total FROM status_changes
     WHERE user_id = ANY($1::int[]) AND ($2::timestamptz IS NULL OR changed_at >= $2) GROUP BY user_id`,
    [keyArray(userIds), since],
  );
  return inKeyOrder(userIds, rows, (row) => row.userId).map((row) => Number(row?.total ?? 0));
}

const newestFirst: KeysetOrder = {
  name: "history",
  keys: [
    { sql: "c.changed_at", type: "timestamptz" },
    { sql: "c.id", type: "bigint" },
  ],
  descending: true,
};

/** The requested part of each user's history as a page. */
export async function fetchStatusHistories(
  loaders: Loaders,
  userIds: readonly number[],
  request: PageRequest & { since?: Date | null },
): Promise<Page<StatusChange>[]> {
  const { size } = readSize(request);
  const since = request.since ?? null;
  const cursor = request.after ?? null;
  const [changedAt, id] = cursor === null ? [] : readCursor(cursor, newestFirst, "after");
  const after = changedAt === undefined || id === undefined ? null : { changedAt, id };
  const histories = await loaders.historiesByUserId(userIds, { since, after, limit: size + 1 });
  const lengths = new DataLoader((ids: readonly number[]) =>
    loaders.historyLengthsByUserId(ids, since),
  );
  return histories.map((found, i) => {
    const rows = found.slice(0, size);
    return {
      rows,
      cursorOf: (position) => {
        const { cursorTime, id: last } = rows[position] as HistoryEntry;
        return writeCursor(newestFirst, [cursorTime, last]);
      },
      hasNextPage: found.length > size,
      hasPreviousPage: after !== null,
      count: () => lengths.load(userIds[i] ?? 0),
    };
  });
}
