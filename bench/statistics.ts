import type { Turn } from "./measure.js";
import { percentile } from "./percentiles.js";

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Three digits that mean something. */
export const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The median, and between what it lay in all rounds. */
export const withSpread = (values: readonly number[]): string =>
  `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;

/** Round by round: what disturbs one turn disturbs its neighbour as well. */
export const ratios = (
  turns: readonly Turn[],
  base: readonly Turn[],
  of: (turn: Turn) => number,
): number[] => turns.map((turn, round) => of(turn) / of(base[round] as Turn));

export const requestsPerSecond = (turn: Turn): number => turn.requestsPerSecond;
export const p99 = (turn: Turn): number => turn.p99;
export const cpu = (turn: Turn): number => turn.serverCpu + turn.postgresCpu;
