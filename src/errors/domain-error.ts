/** Every way the domain can refuse. A new code does not compile until each door answers it. */
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

/** One fault of the input: where it is, as a dotted path, and what is wrong with it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/**
 * An expected refusal. Knows nothing of HTTP, GraphQL or any dialect. It is an answer and no fault, so it
 * remembers no stack, which would cost more than the rest of refusing does.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Safe to show to the caller: never SQL, secrets or other people's data. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Its cause is for the log alone. */
    options?: ErrorOptions,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export const unauthenticated = (message = "Sign in first: no valid credential was given") =>
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
  new DomainError("RATE_LIMITED", `Too many requests: try again in ${retryAfterSeconds} seconds`, {
    retryAfterSeconds,
  });

/**
 * Nobody's fault who asks: the database is away, full or too slow, or too much is asked at once.
 *
 * @param cause for the log
 */
export const unavailable = (cause?: unknown, retryAfterSeconds = 1) =>
  new DomainError(
    "SERVICE_UNAVAILABLE",
    "This cannot be answered just now: try again later",
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
  IDEMPOTENCY_KEY_REUSED: "The Idempotency-Key was used for another request: take a new one",
  IDEMPOTENCY_KEY_IN_USE:
    "A request with this Idempotency-Key is being executed: send it again later",
  IDEMPOTENCY_ANSWER_SEALED:
    "The request was executed. Its answer can only be read with the secret that it was sent with",
} as const;

/** What is in the way is not the state of things, but the request's Idempotency-Key. */
export const keyConflict = (reason: keyof typeof keyConflicts) =>
  conflict(keyConflicts[reason], { reason });

export const isKeyConflict = ({ details: { reason } }: DomainError): boolean =>
  typeof reason === "string" && Object.hasOwn(keyConflicts, reason);
