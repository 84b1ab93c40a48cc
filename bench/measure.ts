import { busyTime, cpuTimeOf } from "./cpu-time.js";
import { drive } from "./load/drive.js";
import type { WireRequest } from "./load/request.js";

/** One server at one workload in one round. */
export interface Measurement {
  /** Refused requests. */
  readonly failures: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time per request. */
  readonly serverCpu: number;
  readonly postgresCpu: number;
  readonly loadCpu: number;
  /** Processors that all other processes of the machine kept busy meanwhile. Far above 0, the figures say less. */
  readonly othersBusy: number;
}

export interface MeasureOptions {
  readonly url: string;
  readonly pid: number;
  readonly postgresPid: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly WireRequest[];
  readonly connections: number;
  readonly seconds: number;
}

/** Share of the time that warms up the connections, and does not count. */
const WARM_UP_SHARE = 0.25;

/**
 * @param from the request to start with
 * @returns the measurement, and the request to continue with
 */
export async function measure(
  options: MeasureOptions,
  from: number,
): Promise<Measurement & { next: number }> {
  const { url, pid, postgresPid, headers, requests, connections, seconds } = options;
  const read = () => [cpuTimeOf(pid), cpuTimeOf(postgresPid), busyTime()] as const;
  let before = read();
  const warmUpSeconds = seconds * WARM_UP_SHARE;
  const load = { url, headers, requests, from, connections, warmUpSeconds, seconds };
  const measured = await drive(load, () => (before = read()));
  const after = read();
  const [server, postgres, busy] = after.map((time, i) => time - (before[i] ?? 0)) as [
    number,
    number,
    number,
  ];
  const others = busy - server - postgres - measured.cpu;
  return {
    failures: measured.failures,
    requestsPerSecond: measured.requests / measured.seconds,
    p50: measured.p50,
    p99: measured.p99,
    serverCpu: server / measured.requests,
    postgresCpu: postgres / measured.requests,
    loadCpu: measured.cpu / measured.requests,
    othersBusy: Math.max(0, others) / 1_000_000 / measured.seconds,
    next: measured.next,
  };
}
