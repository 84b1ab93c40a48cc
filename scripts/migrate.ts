import { loadConfig } from "../src/config.js";
import { openDatabase } from "../src/database.js";
import { failureText } from "../src/start-failure.js";

/** npm run migrate: brings the database up to date and exits. */
async function run(): Promise<void> {
  const database = await openDatabase(loadConfig(process.env), console.error);
  await database.close();
  console.error("The database is up to date");
}

run().catch((error: unknown) => {
  console.error(failureText(error));
  process.exitCode = 1;
});
