import type { DomainError, ErrorCode } from "../errors/domain-error.js";

/** A request that HTTP itself refuses, with the status and headers of its response. */
export class HttpError extends Error {
  override readonly name: string = "HttpError";

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code = "BAD_REQUEST",
  ) {
    super(message);
  }
}

/** The status of a domain error that concerns the request as a whole; others are 400. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

/** A domain error as HTTP puts it. */
export function toHttpError(error: DomainError): HttpError {
  const { code, message } = error;
  const status = STATUS[code] ?? 400;
  const { retryAfterSeconds } = error.details;
  const headers = {
    ...challengeFor(status),
    ...(typeof retryAfterSeconds === "number" && { "retry-after": String(retryAfterSeconds) }),
  };
  return new HttpError(status, message, headers, code);
}

/** The header that a 401 must have (RFC 9110). */
export const challengeFor = (status: number): Readonly<Record<string, string>> =>
  status === 401 ? { "www-authenticate": "Bearer" } : {};
