import { loadavg } from "node:os";
import { measure, type Measurement } from "./measure.js";
import type { BenchOptions } from "./options.js";
import type { BenchedServer, RunningServer } from "./servers/server.js";
import type { Values, Workload } from "./workloads/workload.js";

/** A running server, and the requests of one workload. */
export interface Entry {
  readonly label: string;
  readonly server: BenchedServer;
  readonly running: RunningServer;
  readonly values: readonly Values[];
}

/** The warm-up round is longer: a server in production has compiled its code long ago. */
const WARM_UP_TIMES = 2;

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * One workload in rounds. In each round every server is measured once, so what else happens on the machine affects all.
 *
 * @returns the measurements of each entry, one per round
 */
export async function alternate(
  workload: Workload,
  entries: readonly Entry[],
  postgresPid: number,
  { rounds, seconds }: Pick<BenchOptions, "rounds" | "seconds">,
): Promise<readonly (readonly Measurement[])[]> {
  const { connections } = workload;
  const measurements = entries.map((): Measurement[] => []);
  const requestsOf = entries.map(({ server, values }) =>
    values.flatMap((one) => server.request(workload, one) ?? []),
  );
  const order = entries.map((_, i) => i);
  let from = 0;
  // Round 0 compiles and plans, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const i of order) {
      const { label, server, running } = entries[i] as Entry;
      const options = {
        ...running,
        postgresPid,
        headers: server.headers,
        requests: requestsOf[i] ?? [],
        connections,
        seconds: round === 0 ? WARM_UP_TIMES * seconds : seconds,
      };
      const { next, ...measurement } = await measure(options, from);
      from = next;
      if (round === 0) continue;
      measurements[i]?.push(measurement);
      const { requestsPerSecond, serverCpu, postgresCpu, othersBusy } = measurement;
      log(
        `${workload.name} ${round}/${rounds} ${label}: ${requestsPerSecond.toFixed(1)}/s, ` +
          `${serverCpu.toFixed(0)} + ${postgresCpu.toFixed(0)} µs of processor time ` +
          `(others: ${othersBusy.toFixed(2)} processors, load average ${loadavg()[0]?.toFixed(1)})`,
      );
    }
    // The first server of this round is the last of the next.
    order.push(...order.splice(0, 1));
  }
  return measurements;
}
