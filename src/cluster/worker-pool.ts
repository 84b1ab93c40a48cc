/**
 * Several processes behind one port: the primary (`WorkerPool`) forks workers (`worker.ts`) and restarts
 * them. Imports config, errors, observability, database and startup; `createGateway` is passed in.
 */

import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { join } from "node:path";
import type { Config } from "../config/schema.js";
import type { Logger } from "../observability/logging/logger.js";
import { PrimaryMetrics } from "../observability/metrics/workers-metrics.js";
import { StartupError } from "../errors/startup-error.js";
import { handOverUnaccepted } from "./connection-handover.js";
import type { StartFailure } from "./worker.js";

/**
 * A worker that has run for this long did not fail because of its start, so the next one starts without a
 * growing delay.
 */
const STABLE_MS = 10_000;
const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;
/** The time that a worker has to stop after its requests have ended. */
const STOP_GRACE_MS = 15_000;
const MIN_POOL = 2;

/** The part of the limits that one worker gets. */
export const configOfWorker = (config: Config, databaseUrl: string): Config => ({
  ...config,
  database: {
    ...config.database,
    url: databaseUrl,
    poolMax: Math.max(MIN_POOL, Math.floor(config.database.poolMax / config.workers)),
  },
  rateLimits: { ...config.rateLimits, shared: true },
});

/**
 * The primary's side of several processes behind one port: starts the workers, replaces those that exit, and
 * stops them.
 */
export class WorkerPool {
  private readonly workers = new Set<Worker>();
  private readonly delays = new Set<NodeJS.Timeout>();
  private readonly metrics = new PrimaryMetrics();
  private hasStarted = false;
  private isStopping = false;
  private earlyExits = 0;

  constructor(
    private readonly config: Config,
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  /**
   * Resolves when every worker listens.
   *
   * @returns the port
   * @throws StartupError with the message of a worker that cannot start
   */
  async listen(): Promise<number> {
    // Not the script that started this process, which may be npm or the command line.
    cluster.setupPrimary({ exec: join(__dirname, "..", "main.js"), args: [] });
    const starts = Array.from({ length: this.config.workers }, () => this.start());
    const [port = 0] = await Promise.all(starts);
    this.hasStarted = true;
    return port;
  }

  /** Lets every worker finish its requests and exit. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const delay of this.delays) clearTimeout(delay);
    const workers = [...this.workers];
    const exits = workers.map((worker) => once(worker, "exit"));
    for (const { process } of workers) process.kill("SIGTERM");
    const kill = setTimeout(() => {
      for (const { process } of this.workers) process.kill("SIGKILL");
    }, this.config.drain.timeoutMs + STOP_GRACE_MS);
    await Promise.all(exits);
    clearTimeout(kill);
  }

  private start(): Promise<number> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    const labels = { worker: worker.id, pid: worker.process.pid };
    this.workers.add(worker);
    handOverUnaccepted(worker, this.workers);
    this.metrics.serve(worker);
    worker.send(configOfWorker(this.config, this.databaseUrl));
    return new Promise((resolve, reject) => {
      let failure = "A worker exited before it could start.";
      worker.on("message", (message: Partial<StartFailure>) => {
        failure = message.failure ?? failure;
      });
      worker.once("listening", ({ port }) => {
        this.logger.info(labels, "worker started");
        resolve(port);
      });
      worker.once("exit", (code, signal) => {
        this.workers.delete(worker);
        reject(new StartupError(failure));
        if (this.isStopping || !this.hasStarted) return;
        const delayMs = this.delayAfter(performance.now() - startedAt);
        this.logger.error(
          { ...labels, code, signal, pauseMs: delayMs },
          "worker exited; a new one starts",
        );
        this.startAfter(delayMs);
      });
    });
  }

  /** Exponential backoff, so that workers that fail immediately do not use up the machine. */
  private delayAfter(uptimeMs: number): number {
    this.earlyExits = uptimeMs >= STABLE_MS ? 0 : this.earlyExits + 1;
    return Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** this.earlyExits);
  }

  private startAfter(delayMs: number): void {
    const delay = setTimeout(() => {
      this.delays.delete(delay);
      // The `exit` listener handles the end of the worker.
      this.start().catch((error: unknown) =>
        this.logger.error({ err: error }, "worker failed to start"),
      );
    }, delayMs);
    this.delays.add(delay);
  }
}
