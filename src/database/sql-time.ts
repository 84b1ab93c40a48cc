/** The start of the transaction; outside of one, of the statement. The same in all parts of a statement. */
export const TRANSACTION_TIME = "now()";

/**
 * The start of the statement, for changes that wait for a lock: the transaction began before the wait. In milliseconds,
 * the resolution of a JavaScript Date.
 */
export const STATEMENT_TIME = "date_trunc('milliseconds', statement_timestamp())";

/** A column for the time at which a row was read. */
export const READ_AT = `${TRANSACTION_TIME} AS "readAt"`;
