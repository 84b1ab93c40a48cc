import { z } from "zod";
import { badInput } from "../errors/domain-error.js";
import type { Reader } from "../database/reader.js";
import { TRANSACTION_TIME } from "../database/sql-time.js";
import { parse } from "../services/parse-input.js";
import { MAX_DAYS, timeInStatus } from "../services/presence/time-in-status-sql.js";
import { keyArray } from "../database/pagination/key-array.js";
import { grouped } from "./key-order.js";

const TOO_LONG = `must be at most ${MAX_DAYS} days before the end`;

const rangeInput = z
  .object({ since: z.date(), until: z.date().nullable() })
  .refine(({ since, until }) => until === null || until > since, {
    path: ["until"],
    message: "must be later than since",
  })
  .refine(
    ({ since, until }) =>
      until === null || until.getTime() - since.getTime() <= MAX_DAYS * 86_400_000,
    { path: ["since"], message: TOO_LONG },
  );

/** Between two times; without an end, until now. */
export interface TimeRange {
  readonly since: Date;
  readonly until: Date | null;
}

export interface StatusTime {
  readonly userId: number;
  readonly statusId: number;
  readonly seconds: number;
}

const TIME_IN_STATUS = timeInStatus(TRANSACTION_TIME);

/**
 * How long each user was in each status.
 *
 * @throws BAD_USER_INPUT naming the end of the range that is wrong
 */
export async function loadTimeInStatus(
  reader: Reader,
  userIds: readonly number[],
  range: TimeRange,
): Promise<StatusTime[][]> {
  const { since, until } = parse(rangeInput, range);
  const rows = await reader.query<StatusTime & { isTooLong: boolean }>(TIME_IN_STATUS, [
    keyArray(userIds),
    since,
    until,
  ]);
  // Only the database knows what time it is, and so how long "until now" is.
  if (rows.some(({ isTooLong }) => isTooLong)) {
    throw badInput([{ path: "since", message: TOO_LONG }]);
  }
  return grouped(userIds, rows, (row) => row.userId);
}
