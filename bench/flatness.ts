import { Client } from "pg";
import { alternate, type Entry } from "./alternate.js";
import type { BenchData } from "./data.js";
import type { Measurement } from "./measure.js";
import type { BenchOptions } from "./options.js";
import { rollcall } from "./servers/rollcall.js";
import { type RunningServer, startServer } from "./servers/server.js";
import type { Workload } from "./workloads/workload.js";

/** The cost of a workload at each number of users. */
export interface Flatness {
  readonly workload: Workload;
  readonly sizes: readonly {
    readonly users: number;
    readonly measurements: readonly Measurement[];
  }[];
}

interface Sized {
  readonly users: number;
  readonly database: Client;
  readonly running: RunningServer;
}

/** Rollcall at several numbers of users in the same rounds, each on its own database. */
export async function measureFlatness(
  data: BenchData,
  workloads: readonly Workload[],
  options: BenchOptions,
): Promise<readonly Flatness[]> {
  const started: Sized[] = [];
  try {
    for (const users of options.sizes) {
      const url = await data.fill(users);
      const database = new Client({ connectionString: url });
      await database.connect();
      started.push({ users, database, running: await startServer(rollcall, url) });
    }
    const results: Flatness[] = [];
    for (const workload of workloads) {
      const entries: (Entry & { users: number })[] = [];
      for (const { users, database, running } of started) {
        const values = await workload.values(database);
        // The thousandth page of few users does not exist.
        if (values.length === 0) continue;
        entries.push({ users, label: `${users} users`, server: rollcall, running, values });
      }
      const measurements = await alternate(workload, entries, data.pid, options);
      const sizes = entries.map(({ users }, i) => ({
        users,
        measurements: measurements[i] as Measurement[],
      }));
      results.push({ workload, sizes });
    }
    return results;
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
    await Promise.all(started.map(({ database }) => database.end()));
  }
}
