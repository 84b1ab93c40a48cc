import { Client } from "pg";
import { alternate, type Entry } from "./alternate.js";
import { assertSameResponses } from "./compare.js";
import type { BenchData } from "./data.js";
import type { Measurement } from "./measure.js";
import type { BenchOptions } from "./options.js";
import { type BenchedServer, startServer } from "./servers/server.js";
import type { Workload } from "./workloads/workload.js";

/** The measurements of a server at a workload, one per round. */
export interface Result {
  readonly workload: Workload;
  readonly server: BenchedServer;
  readonly measurements: readonly Measurement[];
}

/**
 * All servers on one database, one workload after the other.
 *
 * @throws when their responses differ
 */
export async function race(
  data: BenchData,
  servers: readonly BenchedServer[],
  workloads: readonly Workload[],
  options: BenchOptions,
): Promise<readonly Result[]> {
  const url = await data.fill(options.users);
  const database = new Client({ connectionString: url });
  await database.connect();
  const started: Omit<Entry, "values">[] = [];
  try {
    for (const server of servers) {
      started.push({ label: server.name, server, running: await startServer(server, url) });
    }
    const results: Result[] = [];
    for (const workload of workloads) {
      const values = await workload.values(database);
      const able = started.filter(({ server }) => server.request(workload, values[0] ?? {}));
      await assertSameResponses(able, workload, values, database);
      const entries = able.map((entry) => ({ ...entry, values }));
      const measurements = await alternate(workload, entries, data.pid, options);
      results.push(
        ...able.map(({ server }, i) => ({
          workload,
          server,
          measurements: measurements[i] as Measurement[],
        })),
      );
    }
    return results;
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
    await database.end();
  }
}
