import { startEmbeddedPostgres } from "../../src/embedded-postgres/index.js";

// A process that a test may kill: starts the server of the given data directory, prints its address, and keeps running.
async function main(): Promise<void> {
  const dataDir = process.argv[2] ?? "";
  const server = await startEmbeddedPostgres({ dataDir, database: "rollcall" });
  process.stdout.write(`${server.url}\n`);
  setInterval(() => undefined, 60_000);
}

void main();
