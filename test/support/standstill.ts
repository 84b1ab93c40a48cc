import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";

const PAUSE_MS = 10;
/** Longer than any answer to the simplest of questions takes on a machine that has time for it. */
const NOTABLE_MS = 50;

/** Whether a process of the database is in the middle of something for so long, and not for want of a lock. */
const IS_STUCK = `
  SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type IS DISTINCT FROM 'Lock'
      AND xact_start < clock_timestamp() - interval '${NOTABLE_MS} milliseconds') AS "isStuck"`;

/**
 * Asks this process and its database for a sign of life all the time while something is done. Any process may stand
 * still by itself: also one of the database that somebody else has asked.
 *
 * @returns for how many milliseconds in all there was none: by so much may what is done be later than it should
 */
export async function standstillDuring(
  dataSource: DataSource,
  work: () => Promise<unknown>,
): Promise<number> {
  let [standstill, isDone] = [0, false];
  const watch = async () => {
    for (let last = performance.now(); !isDone;) {
      await sleep(PAUSE_MS);
      const [{ isStuck }] = await dataSource.query<[{ isStuck: boolean }]>(IS_STUCK);
      const now = performance.now();
      if (isStuck || now - last > NOTABLE_MS) standstill += now - last;
      last = now;
    }
  };
  const watching = watch();
  try {
    await work();
  } finally {
    isDone = true;
    await watching;
  }
  return standstill;
}
