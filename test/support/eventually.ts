import { setTimeout as sleep } from "node:timers/promises";

/** Long enough for any expected condition, however busy the machine is. */
const DEADLINE_MS = 25_000;
const INTERVAL_MS = 20;

/** Retries `attempt` until it succeeds. @throws the error of the last attempt after the deadline */
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
