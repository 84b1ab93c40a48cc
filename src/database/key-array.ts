/**
 * Each key once, since of a hundred people most have one of few statuses. As Postgres writes an array: the driver would
 * quote and escape each number.
 */
export const keyArray = (keys: Iterable<number>): string => `{${[...new Set(keys)].join()}}`;
