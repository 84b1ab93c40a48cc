import cluster from "node:cluster";
import { once } from "node:events";
import type { DataSource } from "typeorm";
import type { Config } from "../config/schema.js";
import { createDataSource } from "../database/connections/data-source.js";
import { openLogOutput } from "../observability/logging/output.js";
import { createLogger, type Logger } from "../observability/logging/logger.js";
import { startupFailureText } from "../startup/failure.js";

/** The message that a worker sends to the primary when it cannot start. */
export interface StartFailure {
  readonly failure: string;
}

/** A gateway as the worker uses it, made by `createGateway` of server.ts. */
interface RunningGateway {
  readonly listen: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

type CreateGateway = (
  dataSource: DataSource,
  config: Config,
  logger: Logger,
) => Promise<RunningGateway>;

/**
 * Runs one of several processes behind one port until SIGTERM. The primary has already migrated the database.
 */
export async function runWorker(createGateway: CreateGateway): Promise<void> {
  const shutdown = shutdownSignal();
  const [config] = (await once(process, "message")) as [Config];
  try {
    await serve(createGateway, config, shutdown);
  } catch (error) {
    process.exitCode = 1;
    process.send?.({ failure: startupFailureText(error) } satisfies StartFailure);
  }
  process.disconnect();
}

async function serve(
  createGateway: CreateGateway,
  config: Config,
  shutdown: AbortSignal,
): Promise<void> {
  const output = await openLogOutput(config.logFormat);
  const logger = createLogger(config.logLevel, output).child({ worker: cluster.worker?.id });
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled"));
  const { url = "" } = config.database;
  const dataSource = await createDataSource({ ...config.database, url }).initialize();
  try {
    const gateway = await createGateway(dataSource, config, logger);
    try {
      await gateway.listen();
      if (!shutdown.aborted) await once(shutdown, "abort");
    } finally {
      await gateway.stop();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** Ctrl-C sends SIGINT to the workers too, but only the primary decides when they stop. */
function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGTERM", () => controller.abort());
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  return controller.signal;
}
