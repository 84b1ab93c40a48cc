/** In milliseconds, in any order. */
export type Latencies = readonly number[];

/** The smallest value that is not exceeded by `percent` of them. */
export function percentile(latencies: Latencies, percent: number): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export const describe = (latencies: Latencies): string =>
  [50, 99].map((p) => `p${p} ${percentile(latencies, p).toFixed(1)} ms`).join(", ");
