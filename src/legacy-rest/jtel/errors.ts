import type { DomainError } from "../../errors/domain-error.js";
import type { Dialect, HttpReply } from "../dialect.js";

export const jtelFailure = (status: number, error: string): HttpReply => ({
  status,
  body: { status, error },
});

const failure =
  (status: number) =>
  ({ message }: DomainError): HttpReply =>
    jtelFailure(status, message);

/** The return codes that jtel publishes, which has no 403; 429 and 503 are additions. */
export const jtelErrors: Dialect["errors"] = {
  UNAUTHENTICATED: failure(401),
  FORBIDDEN: failure(401),
  BAD_USER_INPUT: failure(400),
  NOT_FOUND: failure(404),
  CONFLICT: failure(409),
  STATUS_LOCKED: failure(409),
  NOT_AVAILABLE: failure(409),
  RATE_LIMITED: failure(429),
  SERVICE_UNAVAILABLE: failure(503),
};
