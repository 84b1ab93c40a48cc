import { once } from "node:events";
import { type Config, loadConfig } from "./config.js";
import { type Database, openDatabase } from "./database.js";
import { demoApiKey } from "./demo/demo-api-key.js";
import { seedDemo } from "./demo/seed-demo.js";
import { openLogOutput } from "./log-output.js";
import { createLogger } from "./logger.js";
import { createGateway, type Gateway } from "./server.js";
import { startBanner } from "./start-banner.js";
import { failureText } from "./start-failure.js";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The process: reads the environment, opens the database, listens until it is told to stop, and closes in the opposite order. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel, await openLogOutput(config.logFormat));
  // Nobody waits for what failed; it is no reason to leave everybody else unanswered.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled"));
  // From the beginning: a start that is interrupted must not leave the embedded Postgres behind.
  const told = toldToStop();
  const database = await openDatabase(config, say);
  try {
    const gateway = await createGateway(database.dataSource, config, logger);
    try {
      await open(gateway, database, config);
      if (!told.aborted) await once(told, "abort");
    } finally {
      await gateway.stop();
    }
  } finally {
    await database.close();
  }
}

/** Aborted by the first signal. The next ones change nothing: npm passes on a Ctrl-C that we got already. */
function toldToStop(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
}

/** Makes the keys and the demo data, then opens the doors. */
async function open(gateway: Gateway, { dataSource, dataDir }: Database, config: Config) {
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
  say(startBanner({ host: config.host, port, dataDir, demoKey, pages: config.pages }));
}

main().catch((error: unknown) => {
  say(failureText(error));
  process.exitCode = 1;
});
