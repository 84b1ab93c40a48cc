import { cpuTimeOf } from "./cpu-time.js";
import { drive } from "./load/drive.js";
import type { WireRequest } from "./load/request.js";

/** One turn of one server. */
export interface Turn {
  /** Requests that were refused. */
  readonly failures: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time for each request. */
  readonly serverCpu: number;
  readonly postgresCpu: number;
  readonly loadCpu: number;
}

export interface Course {
  readonly url: string;
  readonly pid: number;
  readonly postgresPid: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly WireRequest[];
  readonly connections: number;
  readonly seconds: number;
}

/** A quarter of the time is for getting warm. */
const WARM_UP_SHARE = 0.25;

/** @param from with which request to begin; @returns also with which to go on */
export async function measure(course: Course, from: number): Promise<Turn & { next: number }> {
  const { url, pid, postgresPid, headers, requests, connections, seconds } = course;
  const cpu = () => [cpuTimeOf(pid), cpuTimeOf(postgresPid)] as const;
  let before = cpu();
  const warmUpSeconds = seconds * WARM_UP_SHARE;
  const load = { url, headers, requests, from, connections, warmUpSeconds, seconds };
  const measured = await drive(load, () => (before = cpu()));
  const [server, postgres] = cpu();
  return {
    failures: measured.failures,
    requestsPerSecond: measured.requests / measured.seconds,
    p50: measured.p50,
    p99: measured.p99,
    serverCpu: (server - before[0]) / measured.requests,
    postgresCpu: (postgres - before[1]) / measured.requests,
    loadCpu: measured.cpu / measured.requests,
    next: measured.next,
  };
}
