import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";

const PAUSE_MS = 10;
/** Longer than the simplest query takes on an idle machine. */
const NOTABLE_MS = 100;

/**
 * Measures continuously whether this process and its database respond while work is done.
 *
 * @returns the total milliseconds without a response: the work may be late by as much
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
