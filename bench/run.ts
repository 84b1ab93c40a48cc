import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openBenchData } from "./data.js";
import { measureFlatness } from "./flatness.js";
import { type BenchOptions, readOptions, USAGE, UsageError } from "./options.js";
import { preparePeers } from "./peer-libraries.js";
import { race } from "./race.js";
import { flatnessReport, raceReport } from "./report.js";
import { isPeer, servers } from "./servers/index.js";
import { rollcallOf, rollcallWithout } from "./servers/rollcall.js";
import { flatWorkloads, workloads } from "./workloads/index.js";

/** This file runs from dist/bench. */
const BENCH = resolve(__dirname, "..", "..", "bench");

/** @throws UsageError for an unknown name */
function chosen<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: readonly string[] | null,
): readonly Named[] {
  const unknown = names?.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`${unknown} is not one of ${all.map(({ name }) => name).join(", ")}`);
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

/** @returns the report, and the name of its file */
async function bench(options: BenchOptions): Promise<readonly [report: string, file: string]> {
  const racing = [
    ...chosen(servers, options.only),
    ...options.compare.map((directory) => rollcallOf(directory)),
    ...options.without.map((device) => rollcallWithout(device)),
  ];
  const all = chosen(options.isFlatness ? flatWorkloads : workloads, options.workloads);
  const tasks = all.map((workload) => ({
    ...workload,
    connections: options.connections ?? workload.connections,
  }));
  if (!options.isFlatness && racing.some(isPeer)) preparePeers();
  const data = await openBenchData(options.dataDir);
  try {
    if (options.isFlatness) {
      const results = await measureFlatness(data, tasks, options);
      return [flatnessReport(results, data, options), "FLATNESS.md"];
    }
    const results = await race(data, racing, tasks, options);
    return [raceReport(results, data, options), "RESULTS.md"];
  } finally {
    await data.stop();
  }
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const [report, file] = await bench(options);
  process.stdout.write(report);
  if (options.isWritten) writeFileSync(join(BENCH, file), report);
}

run().catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n${USAGE}\n` : `${(error as Error).stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
