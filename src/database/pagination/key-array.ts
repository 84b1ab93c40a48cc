/** The distinct keys as a Postgres array literal: the driver would quote and escape each number. */
export const keyArray = (keys: Iterable<number>): string =>
  `{${[...(keys instanceof Set ? (keys as ReadonlySet<number>) : new Set(keys))].join()}}`;
