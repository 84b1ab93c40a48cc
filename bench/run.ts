import { openBenchData } from "./data.js";
import { readOptions, USAGE, UsageError } from "./options.js";
import { race } from "./race.js";
import { reportOf } from "./report.js";

/** Compares the servers, or Rollcall with itself at several sizes, and tells how it went. */
async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const data = await openBenchData(options.dataDir);
  try {
    const results = await race(data, options);
    process.stdout.write(reportOf(results));
  } finally {
    await data.stop();
  }
}

run().catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n${USAGE}\n` : `${(error as Error).stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
