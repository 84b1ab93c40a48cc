import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { join } from "node:path";
import type { Config } from "../config/schema.js";
import type { Logger } from "../observability/logging/logger.js";
import { PrimaryMetrics } from "../observability/metrics/workers-metrics.js";
import { StartupError } from "../errors/startup-error.js";
import { handOverUnaccepted } from "./connection-handover.js";
import type { StartFailure } from "./worker.js";

/** Who has served for that long has not ended for a reason that ends the next one at once. */
const STEADY_MS = 10_000;
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;
/** What a worker has beyond the time for its requests, to end the rest. */
const STOP_GRACE_MS = 15_000;
const MIN_POOL = 2;

/** What is one process' share of what all have together. */
export const configOfWorker = (config: Config, databaseUrl: string): Config => ({
  ...config,
  database: {
    ...config.database,
    url: databaseUrl,
    poolMax: Math.max(MIN_POOL, Math.floor(config.database.poolMax / config.workers)),
  },
  rateLimits: { ...config.rateLimits, shared: true },
});

/** The primary's side of several processes that serve one port: starts them, replaces who ends, and stops them. */
export class WorkerPool {
  private readonly workers = new Set<Worker>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  private readonly metrics = new PrimaryMetrics();
  private hasStarted = false;
  private isStopping = false;
  private earlyEnds = 0;

  constructor(
    private readonly config: Config,
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  /**
   * Resolves when all of them serve.
   *
   * @returns the port
   * @throws StartError with the words of one that cannot
   */
  async listen(): Promise<number> {
    // Not the script that began this process, which may be npm's or the command line's.
    cluster.setupPrimary({ exec: join(__dirname, "..", "main.js"), args: [] });
    const starts = Array.from({ length: this.config.workers }, () => this.start());
    const [port = 0] = await Promise.all(starts);
    this.hasStarted = true;
    return port;
  }

  /** Lets all of them answer what they have begun, and end. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const pause of this.pauses) clearTimeout(pause);
    const workers = [...this.workers];
    const ended = workers.map((worker) => once(worker, "exit"));
    for (const { process } of workers) process.kill("SIGTERM");
    const cut = setTimeout(() => {
      for (const { process } of this.workers) process.kill("SIGKILL");
    }, this.config.drain.timeoutMs + STOP_GRACE_MS);
    await Promise.all(ended);
    clearTimeout(cut);
  }

  private start(): Promise<number> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    const place = { worker: worker.id, pid: worker.process.pid };
    this.workers.add(worker);
    handOverUnaccepted(worker, this.workers);
    this.metrics.answer(worker);
    worker.send(configOfWorker(this.config, this.databaseUrl));
    return new Promise((resolve, reject) => {
      let failure = `A worker ended before it could serve.`;
      worker.on("message", (told: Partial<StartFailure>) => {
        failure = told.failure ?? failure;
      });
      worker.once("listening", ({ port }) => {
        this.logger.info(place, "a worker serves");
        resolve(port);
      });
      worker.once("exit", (code, signal) => {
        this.workers.delete(worker);
        reject(new StartupError(failure));
        if (this.isStopping || !this.hasStarted) return;
        const pauseMs = this.pauseAfter(performance.now() - startedAt);
        this.logger.error(
          { ...place, code, signal, pauseMs },
          "a worker has ended; another one takes its place",
        );
        this.startAfter(pauseMs);
      });
    });
  }

  /** Whatever ends each of them at once must not take up the whole machine. */
  private pauseAfter(livedMs: number): number {
    this.earlyEnds = livedMs >= STEADY_MS ? 0 : this.earlyEnds + 1;
    return Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** this.earlyEnds);
  }

  private startAfter(pauseMs: number): void {
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      // Its end is seen to where it is noticed.
      this.start().catch((error: unknown) =>
        this.logger.error({ err: error }, "a worker cannot serve"),
      );
    }, pauseMs);
    this.pauses.add(pause);
  }
}
