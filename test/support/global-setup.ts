import "./resolve-typescript.cjs"; // first: the imports below need it

import { createDataSource } from "../../src/database/connections/data-source.js";
import { recreateTemplateDatabase, setAdminUrl } from "./database.js";
import { startTestServer, stopTestServer } from "./test-server.js";

export default async function globalSetup(): Promise<void> {
  // Jest runs no teardown when it is interrupted.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(
      signal,
      () => void stopTestServer().finally(() => process.kill(process.pid, signal)),
    );

  setAdminUrl(await startTestServer());
  try {
    await migrate(await recreateTemplateDatabase());
  } catch (error) {
    await stopTestServer(); // nor when the setup itself fails
    throw error;
  }
}

async function migrate(url: string): Promise<void> {
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 30_000 });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: "each" });
  } finally {
    await dataSource.destroy();
    // When the tests run in this process as well, each file needs metadata of its own.
    delete (globalThis as { typeormMetadataArgsStorage?: unknown }).typeormMetadataArgsStorage;
  }
}
