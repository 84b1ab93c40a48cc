import { percentile } from "../percentiles.js";
import { HttpConnection } from "./http-connection.js";
import { toBytes, type WireRequest } from "./request.js";

/** The order of a driver. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in this order, repeatedly. */
  readonly requests: readonly WireRequest[];
  /** Index of the first one. */
  readonly from: number;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Its result. */
export interface Measured {
  /** Successful ones. */
  readonly requests: number;
  /** Refused ones, such as by an overloaded server. */
  readonly failures: number;
  readonly seconds: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of this process, in microseconds. */
  readonly cpu: number;
  /** Index of the next request. */
  readonly next: number;
}

export type DriverMessage =
  | { readonly say: "warm" }
  | { readonly say: "measured"; readonly measured: Measured }
  | { readonly say: "failed"; readonly error: string };

/** Of longer responses, only the start is searched. */
const SEARCHED_BYTES = 65_536;

function isSuccess(response: Buffer): boolean {
  const start = response.subarray(0, SEARCHED_BYTES);
  return start.toString("latin1", 9, 12) === "200" && !start.includes('"errors"');
}

const send = (message: DriverMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

async function drive(load: Load): Promise<void> {
  const requests = load.requests.map((request) => toBytes(request, load.headers));
  const connections = Array.from({ length: load.connections }, () => new HttpConnection(load.url));
  let next = load.from;

  /** Requests in flight at the end are awaited and counted. */
  const run = async (seconds: number) => {
    const startedAt = performance.now();
    const end = startedAt + seconds * 1000;
    const latencies: number[] = [];
    let failures = 0;
    await Promise.all(
      connections.map(async (connection) => {
        for (let sentAt = performance.now(); sentAt < end;) {
          const request = requests[next++ % requests.length] as Buffer;
          const response = await connection.send(request).catch(() => null);
          const receivedAt = performance.now();
          if (response && isSuccess(response)) latencies.push(receivedAt - sentAt);
          else failures += 1;
          sentAt = receivedAt;
        }
      }),
    );
    return { latencies, failures, seconds: (performance.now() - startedAt) / 1000 };
  };

  await run(load.warmUpSeconds);
  await send({ say: "warm" });
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
  await send({ say: "measured", measured });
}

/** A separate process, so that its processor time does not count as the server's. */
process.once("message", (load: Load) => {
  drive(load)
    .catch((error: unknown) => send({ say: "failed", error: String((error as Error).stack) }))
    .finally(() => process.disconnect());
});
