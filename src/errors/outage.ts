/** SQLSTATEs, or how they begin; the list is in the PostgreSQL manual, appendix A. */
const outages = [
  "08", // the connection was lost, or refused by a pooler
  "28", // the server lets us in no more
  "3D000", // the database is gone
  "55000", // the database takes no connections, by an operator's doing
  "53", // out of disk, memory or connections
  "57P", // the server stops or starts
  "58", // the machine below the server fails
  "57014", // a statement that took too long
  "55P03", // a lock that took too long
  "25P03", // a transaction that waited too long for its next statement
  "25P04", // a transaction that took too long
  "25006", // the server takes no writes: a standby, or an operator's doing
  "40001", // a serialisation failure and
  "40P01", // a deadlock that came again and again
];

/** How Node says that a network or a machine is away. */
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

/** The driver and its pool have no codes for these. */
const driverWords = [
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
 * Whether a failed statement says that the database cannot answer now, rather than that the statement is wrong.
 *
 * @param error the driver's own, or what TypeORM throws once a connection has gone in the middle of a transaction
 */
export function isOutage({ name, code, message }: Failure): boolean {
  if (name === "QueryRunnerAlreadyReleasedError") return true;
  if (typeof code === "string") {
    return networkCodes.has(code) || outages.some((outage) => code.startsWith(outage));
  }
  return typeof message === "string" && driverWords.some((words) => message.includes(words));
}
