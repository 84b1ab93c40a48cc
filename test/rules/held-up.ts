import type { Client } from "pg";
import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";

/** How often one looks whether anything is still going on: more often than a request asks the database before it waits. */
const LOOKS = 10;

/** Whoever waits for a lock in the database that this client is connected to. */
export async function blockedPids(direct: Client): Promise<number[]> {
  await direct.query(`SELECT pg_stat_clear_snapshot()`);
  const { rows } = await direct.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.map(({ pid }) => pid);
}

/** Until so many transactions at least wait for a lock. */
export const untilBlocked = (direct: Client, count: number): Promise<void> =>
  eventually(async () => expect((await blockedPids(direct)).length).toBeGreaterThanOrEqual(count));

/**
 * Until nothing goes on but what waits for a lock: whoever has come has asked all that they need to know, and waits for
 * those. The gateway's own count knows of a question as well that the database has not even read.
 */
export async function untilAllWait(direct: Client, { services }: TestGateway): Promise<void> {
  for (let looks = 0; looks < LOOKS;) {
    const blocked = (await blockedPids(direct)).length;
    const { total, idle, waiting } = services.reader.connections;
    looks = total - idle === blocked && waiting === 0 ? looks + 1 : 0;
  }
}
