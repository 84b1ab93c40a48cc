/**
 * Errors of the domain, and how failures of the database become them. Nothing here knows HTTP, GraphQL or a dialect:
 * each API maps the codes to its own responses.
 */

/** Every reason for which the domain refuses a request. A new code compiles only when each dialect maps it. */
export const errorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "BAD_USER_INPUT",
  "NOT_FOUND",
  "CONFLICT",
  "STATUS_LOCKED",
  "NOT_AVAILABLE",
  "RATE_LIMITED",
  "SERVICE_UNAVAILABLE",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Codes of refusals that a retry of the same request may overcome. */
export const retryableCodes: readonly unknown[] = [
  "RATE_LIMITED",
  "SERVICE_UNAVAILABLE",
] satisfies ErrorCode[];

/** One error of the input; `path` is dotted, such as `externalIds.0.id`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An expected refusal. It has no stack trace, which would cost more than the rest of the refusal. */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Returned to the caller: never SQL, secrets or data of other users. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** The cause is logged and never returned. */
    options?: ErrorOptions,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export const unauthenticated = (message = "Authentication required") =>
  new DomainError("UNAUTHENTICATED", message);

export const forbidden = (action: string) =>
  new DomainError("FORBIDDEN", `Not allowed: ${action}`, { action });

export const badInput = (fields: readonly FieldError[]) =>
  new DomainError(
    "BAD_USER_INPUT",
    fields.map(({ path, message }) => `${path}: ${message}`).join("; "),
    { fields },
  );

export const notFound = (entity: string, id: string) =>
  new DomainError("NOT_FOUND", `${entity} not found`, { entity, id });

export const rateLimited = (retryAfterSeconds: number) =>
  new DomainError("RATE_LIMITED", `Too many requests, retry in ${retryAfterSeconds} seconds`, {
    retryAfterSeconds,
  });

/**
 * A temporary failure of the server: the database is down, full or too slow, or too many requests are in flight.
 *
 * @param cause for the log
 */
export const unavailable = (cause?: unknown, retryAfterSeconds = 1) =>
  new DomainError(
    "SERVICE_UNAVAILABLE",
    "Service temporarily unavailable, retry later",
    { retryAfterSeconds },
    { cause },
  );

export const isUnavailable = (error: unknown): boolean =>
  error instanceof DomainError && error.code === "SERVICE_UNAVAILABLE";

export const conflict = (message: string, details: Readonly<Record<string, unknown>> = {}) =>
  new DomainError("CONFLICT", message, details);

export const notAvailable = (message: string, reason: string) =>
  new DomainError("NOT_AVAILABLE", message, { reason });

const keyConflicts = {
  IDEMPOTENCY_KEY_REUSED: "The Idempotency-Key was already used for a different request",
  IDEMPOTENCY_KEY_IN_USE: "A request with this Idempotency-Key is in progress, retry later",
  IDEMPOTENCY_ANSWER_SEALED:
    "The request was executed; its response can only be read with the credential that it was sent with",
} as const;

/** A conflict with the request's Idempotency-Key, not with the state of the data. */
export const keyConflict = (reason: keyof typeof keyConflicts) =>
  conflict(keyConflicts[reason], { reason });

export const isKeyConflict = ({ details: { reason } }: DomainError): boolean =>
  typeof reason === "string" && Object.hasOwn(keyConflicts, reason);
