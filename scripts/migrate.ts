import { ConfigError, loadConfig } from "../src/config.js";
import { openDatabase } from "../src/database.js";
import { EmbeddedPostgresError } from "../src/embedded-postgres/index.js";

/** npm run migrate: brings the database up to date and exits. */
async function run(): Promise<void> {
  const database = await openDatabase(loadConfig(process.env), console.error);
  await database.close();
  console.error("The database is up to date");
}

run().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || error instanceof EmbeddedPostgresError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
});
