import type { Measurement } from "./measure.js";
import { percentile } from "./percentiles.js";

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Three significant digits. */
export const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The median, with minimum and maximum. */
export const withSpread = (values: readonly number[]): string =>
  `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;

/** Round by round: a disturbance of one measurement affects its neighbour as well. */
export const ratios = (
  measurements: readonly Measurement[],
  base: readonly Measurement[],
  of: (one: Measurement) => number,
): number[] => measurements.map((one, round) => of(one) / of(base[round] as Measurement));

export const requestsPerSecond = (one: Measurement): number => one.requestsPerSecond;
export const p99 = (one: Measurement): number => one.p99;
export const cpu = (one: Measurement): number => one.serverCpu + one.postgresCpu;
