/** The distinct keys as a Postgres array literal: the driver would quote and escape each number. */
export const keyArray = (keys: Iterable<number>): string => `{${[...new Set(keys)].join()}}`;
