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

const printLine = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** What serves the port: this process, or the workers that it starts. */
interface Server {
  readonly services: Pick<Services, "apiKeys">;
  /** @returns the port */
  readonly listen: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * Reads the environment, opens the database, listens until a signal arrives, and closes in the opposite
 * order.
 */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel, await openLogOutput(config.logFormat));
  // An unhandled rejection belongs to no request. Log it and continue to serve the others.
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled"));
  // Listens for signals first: a start that is interrupted must not leave the embedded Postgres running.
  const shutdown = shutdownSignal();
  const database = await openDatabase(config, printLine);
  try {
    const server = await createServer(database, config, logger);
    try {
      await startServing(server, database, config);
      if (!shutdown.aborted) await once(shutdown, "abort");
    } finally {
      await server.stop();
    }
  } finally {
    await database.close();
  }
}

async function createServer(
  { dataSource, url }: Database,
  config: Config,
  logger: Logger,
): Promise<Server> {
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

/**
 * Aborted by the first signal. Further signals are ignored, because npm forwards a Ctrl-C that this process
 * already received.
 */
function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
}

/** Creates the API keys and the demo data, then listens. */
async function startServing(server: Server, { dataSource, dataDir }: Database, config: Config) {
  const { apiKeys } = server.services;
  if (config.adminKey !== undefined) {
    await apiKeys.ensure(config.adminKey, { name: "bootstrap", permissions: ["ADMIN"] });
  }
  let demoKey: string | null = null;
  if (dataDir !== null) {
    if (await seedDemo(dataSource)) printLine("Created the demo contact centre");
    demoKey = demoApiKey(dataDir);
    await apiKeys.ensure(demoKey, { name: "demo", permissions: ["ADMIN"] });
  }
  const port = await server.listen();
  printLine(startupBanner({ host: config.host, port, dataDir, demoKey, pages: config.pages }));
}

(cluster.isWorker ? runWorker(createGateway) : main()).catch((error: unknown) => {
  printLine(startupFailureText(error));
  process.exitCode = 1;
});
