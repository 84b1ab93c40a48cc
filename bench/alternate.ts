import { measure, type Turn } from "./measure.js";
import type { BenchOptions } from "./options.js";
import type { BenchedServer, RunningServer } from "./servers/server.js";
import type { Values, Workload } from "./workloads/workload.js";

/** A server at work, and what it is asked of one workload. */
export interface Entry {
  readonly label: string;
  readonly server: BenchedServer;
  readonly running: RunningServer;
  readonly values: readonly Values[];
}

/** How much longer the round lasts that is not counted: a server that has run for a day is compiled as well as it ever will be. */
const WARM_UP_TIMES = 2;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * One workload in rounds, in each of which everybody has a turn: what happens on the machine meanwhile happens to all.
 *
 * @returns the turns of each entry, one for each round
 */
export async function alternate(
  workload: Workload,
  entries: readonly Entry[],
  postgresPid: number,
  { rounds, seconds }: Pick<BenchOptions, "rounds" | "seconds">,
): Promise<readonly (readonly Turn[])[]> {
  const { connections } = workload;
  const turns = entries.map((): Turn[] => []);
  const asked = entries.map(({ server, values }) =>
    values.flatMap((one) => server.request(workload, one) ?? []),
  );
  const order = entries.map((_, i) => i);
  let from = 0;
  // The first round compiles and plans, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const i of order) {
      const { label, server, running } = entries[i] as Entry;
      const requests = asked[i] ?? [];
      const course = { ...running, postgresPid, headers: server.headers, requests, connections };
      const lasting = round === 0 ? WARM_UP_TIMES * seconds : seconds;
      const { next, ...turn } = await measure({ ...course, seconds: lasting }, from);
      from = next;
      if (round === 0) continue;
      turns[i]?.push(turn);
      const { requestsPerSecond, serverCpu, postgresCpu } = turn;
      say(
        `${workload.name} ${round}/${rounds} ${label}: ${requestsPerSecond.toFixed(1)}/s, ` +
          `${serverCpu.toFixed(0)} + ${postgresCpu.toFixed(0)} µs of processor time`,
      );
    }
    // Whoever was first comes last.
    order.push(...order.splice(0, 1));
  }
  return turns;
}
