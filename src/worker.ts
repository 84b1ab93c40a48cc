import cluster from "node:cluster";
import { once } from "node:events";
import type { Config } from "./config.js";
import { createDataSource } from "./data-source.js";
import { openLogOutput } from "./log-output.js";
import { createLogger } from "./logger.js";
import { createGateway } from "./server.js";
import { startupFailureText } from "./start-failure.js";

/** What a worker tells the primary before it ends, when it cannot start. */
export interface StartFailure {
  readonly failure: string;
}

/** One of several processes behind one port: serves until it is told to stop, with what the primary has set up. */
export async function runWorker(): Promise<void> {
  const told = toldToStop();
  const [config] = (await once(process, "message")) as [Config];
  try {
    await serve(config, told);
  } catch (error) {
    process.exitCode = 1;
    process.send?.({ failure: startupFailureText(error) } satisfies StartFailure);
  }
  process.disconnect();
}

async function serve(config: Config, told: AbortSignal): Promise<void> {
  const output = await openLogOutput(config.logFormat);
  const logger = createLogger(config.logLevel, output).child({ worker: cluster.worker?.id });
  process.on("unhandledRejection", (error) => logger.error({ err: error }, "unhandled"));
  const { url = "" } = config.database;
  const dataSource = await createDataSource({ ...config.database, url }).initialize();
  try {
    const gateway = await createGateway(dataSource, config, logger);
    try {
      await gateway.listen();
      if (!told.aborted) await once(told, "abort");
    } finally {
      await gateway.stop();
    }
  } finally {
    await dataSource.destroy();
  }
}

/** A Ctrl-C reaches the workers as well, but the primary says when they stop. */
function toldToStop(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGTERM", () => controller.abort());
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  return controller.signal;
}
