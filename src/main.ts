import { ConfigError, loadConfig } from "./config.js";
import { openDatabase } from "./database.js";
import { demoApiKey } from "./demo/demo-api-key.js";
import { seedDemo } from "./demo/seed-demo.js";
import { EmbeddedPostgresError } from "./embedded-postgres/index.js";
import { createLogger } from "./logger.js";
import { createGateway } from "./server.js";
import { startBanner } from "./start-banner.js";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The process: reads the environment, opens the database, listens, and stops in the opposite order. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel);
  const database = await openDatabase(config, say);
  const { dataSource, dataDir } = database;
  const gateway = await createGateway(dataSource, config, logger).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });

  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= gateway
      .stop()
      .then(() => database.close())
      .catch((error: unknown) => {
        logger.error({ err: error }, "stopping failed");
        process.exitCode = 1;
      }));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());

  try {
    const { apiKeys } = gateway.services;
    if (config.adminKey !== undefined) {
      await apiKeys.ensure(config.adminKey, { name: "bootstrap", permissions: ["ADMIN"] });
    }
    let demoKey: string | null = null;
    if (dataDir !== null) {
      if (await seedDemo(dataSource)) say("Filled in the demo contact centre");
      demoKey = demoApiKey(dataDir);
      await apiKeys.ensure(demoKey, { name: "demo", permissions: ["ADMIN"] });
    }
    const port = await gateway.listen();
    say(startBanner({ port, dataDir, demoKey }));
  } catch (error) {
    await stop();
    throw error;
  }
}

main().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || error instanceof EmbeddedPostgresError;
  say(isExpected ? error.message : `Rollcall could not start: ${(error as Error).stack ?? ""}`);
  process.exitCode = 1;
});
