import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";

const PAUSE_MS = 10;
/** Longer than any answer to the simplest of questions takes on a machine that has time for it. */
const NOTABLE_MS = 100;

/**
 * Asks this process and its database for a sign of life all the time while something is done.
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
      await dataSource.query(`SELECT 1`);
      const now = performance.now();
      if (now - last > NOTABLE_MS) standstill += now - last;
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
