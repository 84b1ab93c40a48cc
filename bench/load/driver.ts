import { percentile } from "../percentiles.js";
import { HttpConnection } from "./http-connection.js";
import { toBytes, type WireRequest } from "./request.js";

/** What the driver is told to do. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one after the other, and then from the beginning. */
  readonly requests: readonly WireRequest[];
  /** With which of them to begin. */
  readonly from: number;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What it answers at the end. */
export interface Measured {
  /** Answered as they should be. */
  readonly requests: number;
  /** Refused, such as by a server that has too much to do. */
  readonly failures: number;
  readonly seconds: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of this process, in microseconds of its processor time. */
  readonly cpu: number;
  /** With which request to go on. */
  readonly next: number;
}

export type DriverMessage =
  | { readonly say: "warm" }
  | { readonly say: "measured"; readonly measured: Measured }
  | { readonly say: "failed"; readonly error: string };

/** Answers beyond that are lists, whose end is looked at alone. */
const LOOKED_AT_BYTES = 65_536;

function isAnswer(answer: Buffer): boolean {
  const start = answer.subarray(0, LOOKED_AT_BYTES);
  return start.toString("latin1", 9, 12) === "200" && !start.includes('"errors"');
}

const tell = (message: DriverMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

async function drive(load: Load): Promise<void> {
  const requests = load.requests.map((request) => toBytes(request, load.headers));
  const connections = Array.from({ length: load.connections }, () => new HttpConnection(load.url));
  let next = load.from;

  /** Those under way when the time is over are waited for and counted. */
  const run = async (seconds: number) => {
    const startedAt = performance.now();
    const end = startedAt + seconds * 1000;
    const latencies: number[] = [];
    let failures = 0;
    await Promise.all(
      connections.map(async (connection) => {
        for (let sentAt = performance.now(); sentAt < end;) {
          const request = requests[next++ % requests.length] as Buffer;
          const answer = await connection.send(request).catch(() => null);
          const answeredAt = performance.now();
          if (answer && isAnswer(answer)) latencies.push(answeredAt - sentAt);
          else failures += 1;
          sentAt = answeredAt;
        }
      }),
    );
    return { latencies, failures, seconds: (performance.now() - startedAt) / 1000 };
  };

  await run(load.warmUpSeconds);
  await tell({ say: "warm" });
  const before = process.cpuUsage();
  const { latencies, failures, seconds } = await run(load.seconds);
  const { user, system } = process.cpuUsage(before);
  connections.forEach((connection) => connection.close());
  const measured: Measured = {
    requests: latencies.length,
    failures,
    seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    cpu: user + system,
    next,
  };
  await tell({ say: "measured", measured });
}

/** A process of its own, so that what it takes of the processor is not counted with a server's. */
process.once("message", (load: Load) => {
  drive(load)
    .catch((error: unknown) => tell({ say: "failed", error: String((error as Error).stack) }))
    .finally(() => process.disconnect());
});
