import type { Client } from "pg";
import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";

/** The number of checks for activity: more than a request sends statements before it waits. */
const LOOKS = 10;

/** The backends that wait for a lock in the client's database. */
export async function blockedPids(direct: Client): Promise<number[]> {
  await direct.query(`SELECT pg_stat_clear_snapshot()`);
  const { rows } = await direct.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.map(({ pid }) => pid);
}

/** Resolves when at least this many transactions wait for a lock. */
export const untilBlocked = (direct: Client, count: number): Promise<void> =>
  eventually(async () => expect((await blockedPids(direct)).length).toBeGreaterThanOrEqual(count));

/**
 * Resolves when every active statement waits for a lock: all received requests have done their reads and are blocked.
 * The gateway's own count includes statements that the database has not yet read.
 */
export async function untilAllWait(direct: Client, { services }: TestGateway): Promise<void> {
  for (let looks = 0; looks < LOOKS;) {
    const blocked = (await blockedPids(direct)).length;
    const { total, idle, waiting } = services.reader.connections;
    looks = total - idle === blocked && waiting === 0 ? looks + 1 : 0;
  }
}
