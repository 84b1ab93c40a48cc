import { Client } from "pg";
import { assertSameAnswers } from "./compare.js";
import type { BenchData } from "./data.js";
import { measure, type Turn } from "./measure.js";
import { type BenchOptions, UsageError } from "./options.js";
import { servers } from "./servers/index.js";
import { type BenchedServer, type RunningServer, startServer } from "./servers/server.js";
import { workloads } from "./workloads/index.js";
import type { Values, Workload } from "./workloads/workload.js";

/** The turns of a server at a workload, one for each round. */
export interface Result {
  readonly workload: Workload;
  readonly server: BenchedServer;
  readonly turns: readonly Turn[];
}

interface Benched extends RunningServer {
  readonly server: BenchedServer;
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** @throws UsageError when a name is nobody's */
function chosen<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: readonly string[] | null,
): readonly Named[] {
  const unknown = names?.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`${unknown} is none of ${all.map(({ name }) => name).join(", ")}`);
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

/** All servers on one database; in each round each has its turn at each workload. */
export async function race(data: BenchData, options: BenchOptions): Promise<readonly Result[]> {
  const racing = chosen(servers, options.only);
  const tasks = chosen(workloads, options.workloads);
  const url = await data.fill(options.users);
  const database = new Client({ connectionString: url });
  await database.connect();
  const running: Benched[] = [];
  try {
    for (const server of racing) running.push({ server, ...(await startServer(server, url)) });
    const results: Result[] = [];
    for (const workload of tasks) {
      const values = await workload.values(database);
      await assertSameAnswers(running, workload, values, database);
      say(`${workload.name}: the same answers`);
      results.push(...(await alternate(running, workload, values, data.pid, options)));
    }
    return results;
  } finally {
    await Promise.all(running.map(({ stop }) => stop()));
    await database.end();
  }
}

/** One workload in rounds, so that what happens on the machine meanwhile happens to all. */
async function alternate(
  running: readonly Benched[],
  workload: Workload,
  values: readonly Values[],
  postgresPid: number,
  { rounds, seconds }: BenchOptions,
): Promise<Result[]> {
  const entries = running.flatMap(({ server, url, pid }) => {
    const requests = values.flatMap((one) => server.request(workload, one) ?? []);
    return requests.length === 0 ? [] : [{ server, url, pid, requests, turns: [] as Turn[] }];
  });
  let from = 0;
  // The first round compiles and plans, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    // Whoever was first comes last.
    entries.push(...entries.splice(0, 1));
    for (const { server, url, pid, requests, turns } of entries) {
      const { headers } = server;
      const { connections } = workload;
      const course = { url, pid, postgresPid, headers, requests, connections, seconds };
      const { next, ...turn } = await measure(course, from);
      from = next;
      if (round === 0) continue;
      turns.push(turn);
      const cpu = `${turn.serverCpu.toFixed(0)} + ${turn.postgresCpu.toFixed(0)} µs`;
      say(
        `${workload.name} ${round}/${rounds} ${server.name}: ${turn.requestsPerSecond.toFixed(1)}/s, ${cpu}`,
      );
    }
  }
  return entries
    .sort(
      (a, b) =>
        running.findIndex((r) => r.server === a.server) -
        running.findIndex((r) => r.server === b.server),
    )
    .map(({ server, turns }) => ({ workload, server, turns }));
}
