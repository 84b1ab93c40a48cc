import { setTimeout as sleep } from "node:timers/promises";

/** What has not come true by then never does, on however busy a machine. */
const DEADLINE_MS = 25_000;
const INTERVAL_MS = 20;

/** Tries until `attempt` throws no more. @throws what the last try threw, when it never came true */
export async function eventually<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(INTERVAL_MS);
    }
  }
}
