import { conflict, DomainError, unavailable } from "./domain-error.js";
import { isOutage } from "./outage.js";

/** SQLSTATEs; the list is in the PostgreSQL manual, appendix A. */
const UNIQUE_VIOLATION = "23505";
const SERIALIZATION_FAILURE = "40001";
const QUERY_CANCELED = "57014";
const DEADLOCK_DETECTED = "40P01";
const LOCK_NOT_AVAILABLE = "55P03";
const IN_FAILED_SQL_TRANSACTION = "25P02";
const INVALID_SQL_STATEMENT_NAME = "26000";
const DUPLICATE_PREPARED_STATEMENT = "42P05";

interface PostgresError {
  readonly code?: string;
  readonly constraint?: string;
}

/** TypeORM wraps the driver's error; the reader does not. */
function driverError(error: unknown): PostgresError {
  const wrapped = (error as { driverError?: unknown } | null)?.driverError ?? error;
  return typeof wrapped === "object" && wrapped !== null ? wrapped : {};
}

/** The field of each unique constraint. Messages cannot be parsed: Postgres translates them by lc_messages. */
export const takenFields: Readonly<Record<string, string>> = {
  users_username_key: "username",
  users_email_key: "email",
  users_clientexec_id_key: "externalIds",
  users_rocket_chat_id_key: "externalIds",
  users_jtel_id_key: "externalIds",
  users_jtel_uid_key: "externalIds",
  users_omnidesk_id_key: "externalIds",
  statuses_name_key: "name",
  groups_name_key: "name",
  campaigns_name_key: "name",
  views_name_key: "name",
};

/** The refusal for a database error; null for an error of Rollcall itself. */
export function refusalOf(error: unknown): DomainError | null {
  const failure = driverError(error);
  if (isOutage(failure)) return unavailable(error);
  const { code, constraint } = failure;
  const field = code === UNIQUE_VIOLATION ? takenFields[constraint ?? ""] : undefined;
  if (field === undefined) return null;
  return conflict(`${field} is already taken`, {
    fields: [{ path: field, message: "is already taken" }],
  });
}

/** Whether a statement exceeded statement_timeout, for example while waiting for a lock. */
export const isStatementTimeout = (error: unknown): boolean =>
  driverError(error).code === QUERY_CANCELED;

/** Whether a statement failed only because an earlier one of its transaction had failed. */
export const isAbortedTransaction = (error: unknown): boolean =>
  driverError(error).code === IN_FAILED_SQL_TRANSACTION;

/** Whether a connection has other prepared statements than expected: a pooler replaced the server connection. */
export function isMixedUpConnection(error: unknown): boolean {
  const { code } = driverError(error);
  return code === INVALID_SQL_STATEMENT_NAME || code === DUPLICATE_PREPARED_STATEMENT;
}

/** Errors of Postgres have an SQLSTATE; Node's codes have another length. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Outage codes that other transactions cause, not the server. */
const contention: ReadonlySet<string> = new Set([
  QUERY_CANCELED,
  LOCK_NOT_AVAILABLE,
  SERIALIZATION_FAILURE,
  DEADLOCK_DETECTED,
]);

/**
 * Whether a transaction that failed with this error is certainly rolled back and can be run in another way. After a lost
 * connection or a server stop it is unknown whether COMMIT succeeded.
 */
export function isUndone(error: unknown): boolean {
  const failure = driverError(error instanceof DomainError ? error.cause : error);
  const { code = "" } = failure;
  return SQLSTATE.test(code) && (contention.has(code) || !isOutage(failure));
}

/** Whether a retry of the same transaction may succeed. */
export function isTransient(error: unknown): boolean {
  const { code } = driverError(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}
