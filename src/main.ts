import cluster from "node:cluster";
import { once } from "node:events";
import { type Config, loadConfig } from "./config/schema.js";
import { type Database, openDatabase } from "./startup/open-database.js";
import { demoApiKey } from "./demo/demo-api-key.js";
import { seedDemo } from "./demo/seed-demo.js";
import { openLogOutput } from "./observability/logging/output.js";
import { createLogger, type Logger } from "./observability/logging/logger.js";
import { createGateway } from "./server.js";
import { createServices, type Services } from "./services/index.js";
import { startupBanner } from "./startup/banner.js";
import { startupFailureText } from "./startup/failure.js";
import { WorkerPool } from "./cluster/worker-pool.js";
import { runWorker } from "./cluster/worker.js";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** What serves the port: this process, or several that it starts. */
interface Doors {
  readonly services: Pick<Services, "apiKeys">;
  /** @returns the port */
  readonly listen: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** The process: reads the environment, opens the database, listens until it is told to stop, and closes in the opposite order. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel, await openLogOutput(config.logFormat));
  // Nobody waits for what failed; it is no reason to leave everybody else unanswered.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled"));
  // From the beginning: a start that is interrupted must not leave the embedded Postgres behind.
  const shutdown = shutdownSignal();
  const database = await openDatabase(config, say);
  try {
    const doors = await createDoors(database, config, logger);
    try {
      await open(doors, database, config);
      if (!shutdown.aborted) await once(shutdown, "abort");
    } finally {
      await doors.stop();
    }
  } finally {
    await database.close();
  }
}

async function createDoors(
  { dataSource, url }: Database,
  config: Config,
  logger: Logger,
): Promise<Doors> {
  if (config.workers === 1) return createGateway(dataSource, config, logger);
  const services = createServices(dataSource, config, logger);
  const pool = new WorkerPool(config, url, logger);
  return {
    services,
    listen: () => pool.listen(),
    stop: async () => {
      await pool.stop();
      await services.subscriptions.close();
    },
  };
}

/** Aborted by the first signal. The next ones change nothing: npm passes on a Ctrl-C that we got already. */
function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
}

/** Makes the keys and the demo data, then opens the doors. */
async function open(doors: Doors, { dataSource, dataDir }: Database, config: Config) {
  const { apiKeys } = doors.services;
  if (config.adminKey !== undefined) {
    await apiKeys.ensure(config.adminKey, { name: "bootstrap", permissions: ["ADMIN"] });
  }
  let demoKey: string | null = null;
  if (dataDir !== null) {
    if (await seedDemo(dataSource)) say("Filled in the demo contact centre");
    demoKey = demoApiKey(dataDir);
    await apiKeys.ensure(demoKey, { name: "demo", permissions: ["ADMIN"] });
  }
  const port = await doors.listen();
  say(startupBanner({ host: config.host, port, dataDir, demoKey, pages: config.pages }));
}

(cluster.isWorker ? runWorker(createGateway) : main()).catch((error: unknown) => {
  say(startupFailureText(error));
  process.exitCode = 1;
});
