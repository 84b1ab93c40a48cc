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

/** TypeORM wraps the driver's error; the reader hands it on as it is. */
function driverError(error: unknown): PostgresError {
  const wrapped = (error as { driverError?: unknown } | null)?.driverError ?? error;
  return typeof wrapped === "object" && wrapped !== null ? wrapped : {};
}

/** What must be unique, by constraint: message texts are translated by Postgres' lc_messages. */
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

/** The refusal that a database error stands for; null when it is nobody's fault but ours. */
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

/** Whether a statement took longer than any may, such as one that waits for a lock. */
export const isStatementTimeout = (error: unknown): boolean =>
  driverError(error).code === QUERY_CANCELED;

/** Whether a statement failed since one before it had: it says nothing itself. */
export const isAbortedTransaction = (error: unknown): boolean =>
  driverError(error).code === IN_FAILED_SQL_TRANSACTION;

/** Whether a connection did not know the names that it was told, or knew others: a pooler has put another in its place. */
export function isMixedUpConnection(error: unknown): boolean {
  const { code } = driverError(error);
  return code === INVALID_SQL_STATEMENT_NAME || code === DUPLICATE_PREPARED_STATEMENT;
}

/** An SQLSTATE is what Postgres itself says; Node's codes are longer, or shorter. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Of what counts as an outage, what is about other transactions and not about the server. */
const inTheWay: ReadonlySet<string> = new Set([
  QUERY_CANCELED,
  LOCK_NOT_AVAILABLE,
  SERIALIZATION_FAILURE,
  DEADLOCK_DETECTED,
]);

/**
 * Whether a transaction that has failed so surely changed nothing and may be made in another way. When a connection is lost,
 * or the server stops, nobody knows whether its commit came through.
 */
export function isUndone(error: unknown): boolean {
  const failure = driverError(error instanceof DomainError ? error.cause : error);
  const { code = "" } = failure;
  return SQLSTATE.test(code) && (inTheWay.has(code) || !isOutage(failure));
}

/** Whether the same transaction may well succeed when it is tried again. */
export function isTransient(error: unknown): boolean {
  const { code } = driverError(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}
