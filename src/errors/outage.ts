/** SQLSTATEs or their prefixes; the list is in the PostgreSQL manual, appendix A. */
const outages = [
  "08", // connection lost, or refused by a pooler
  "28", // authentication rejected
  "3D000", // database dropped
  "55000", // database not accepting connections, set by an operator
  "53", // out of disk, memory or connections
  "57P", // server stopping or starting
  "58", // system error outside Postgres
  "57014", // statement_timeout
  "55P03", // lock_timeout
  "25P03", // idle_in_transaction_session_timeout
  "25P04", // transaction_timeout
  "25006", // read-only: a standby, or set by an operator
  "40001", // serialisation failure, after all retries
  "40P01", // deadlock, after all retries
];

/** Codes of Node for an unreachable network or host. */
const networkCodes: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EMFILE",
  "ENFILE",
]);

/** Messages of pg and its pool, which have no codes. */
const driverMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "timeout expired",
  "is not queryable",
  "Cannot use a pool after calling end on the pool",
];

interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/**
 * Whether a statement failed because the database cannot serve it now, not because the statement is wrong.
 *
 * @param error of the driver, or of TypeORM when the connection is lost within a transaction
 */
export function isOutage({ name, code, message }: Failure): boolean {
  if (name === "QueryRunnerAlreadyReleasedError") return true;
  if (typeof code === "string") {
    return networkCodes.has(code) || outages.some((outage) => code.startsWith(outage));
  }
  return typeof message === "string" && driverMessages.some((part) => message.includes(part));
}
