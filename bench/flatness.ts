import { Client } from "pg";
import { alternate, type Entry } from "./alternate.js";
import type { BenchData } from "./data.js";
import type { Turn } from "./measure.js";
import type { BenchOptions } from "./options.js";
import { rollcall } from "./servers/rollcall.js";
import { type RunningServer, startServer } from "./servers/server.js";
import type { Workload } from "./workloads/workload.js";

/** What a workload costs at each number of users. */
export interface Flatness {
  readonly workload: Workload;
  readonly sizes: readonly { readonly users: number; readonly turns: readonly Turn[] }[];
}

interface Sized {
  readonly users: number;
  readonly database: Client;
  readonly running: RunningServer;
}

/** Rollcall at several numbers of users at once, each on a database of its own. */
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
        // So few people have no thousandth page.
        if (values.length === 0) continue;
        entries.push({ users, label: `${users} users`, server: rollcall, running, values });
      }
      const turns = await alternate(workload, entries, data.pid, options);
      const sizes = entries.map(({ users }, i) => ({ users, turns: turns[i] as Turn[] }));
      results.push({ workload, sizes });
    }
    return results;
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
    await Promise.all(started.map(({ database }) => database.end()));
  }
}
