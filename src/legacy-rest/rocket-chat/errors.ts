import { badInput, type DomainError, type FieldError } from "../../errors/domain-error.js";
import type { Dialect, HttpReply, LegacyRoute } from "../dialect.js";

type Refusals = NonNullable<LegacyRoute["refusals"]>;

/** The texts of current servers end with the error's code, which `errorType` repeats. */
export function rocketChatFailure(
  status: number,
  text: string,
  errorType?: string,
  details?: object,
): HttpReply {
  const error = errorType === undefined ? text : `${text} [${errorType}]`;
  return { status, body: { success: false, error, errorType, details } };
}

const failure =
  (...parameters: Parameters<typeof rocketChatFailure>) =>
  (): HttpReply =>
    rocketChatFailure(...parameters);

/** Texts of the original that have no code. */
export const INVALID_TYPE = "Invalid type";
export const NEITHER_STATUS_NOR_MESSAGE =
  "Match error: Failed Match.OneOf, Match.Maybe or Match.Optional validation";
const textsWithoutCode: readonly string[] = [INVALID_TYPE, NEITHER_STATUS_NOR_MESSAGE];

const detailsByCode: Readonly<Record<string, object>> = {
  "error-invalid-sort": { helperMethod: "parseJsonQuery" },
  "error-invalid-fields": { helperMethod: "parseJsonQuery" },
  "error-invalid-query": { helperMethod: "parseJsonQuery" },
  "error-invalid-status": { method: "users.setStatus" },
};

const fieldErrorsOf = ({ details }: DomainError) => (details.fields ?? []) as readonly FieldError[];

/**
 * The messages of the dialect's own schemas are the original's text including the code. Messages of the
 * services follow the name of the field.
 */
function invalidParams(error: DomainError): HttpReply {
  const fieldErrors = fieldErrorsOf(error);
  for (const { message: text } of fieldErrors) {
    if (textsWithoutCode.includes(text)) return rocketChatFailure(400, text);
    const [, message, code] = /^(.*) \[([a-z-]+)\]$/s.exec(text) ?? [];
    if (message !== undefined && code !== undefined) {
      return rocketChatFailure(400, message, code, detailsByCode[code]);
    }
  }
  const messages = fieldErrors.map(
    ({ path, message: text }) => `${path.replace(/^(params|query|body)\./, "")} ${text}`,
  );
  return rocketChatFailure(400, messages.join("; ") || error.message, "invalid-params");
}

const LOGGED_OUT = "You must be logged in to do this.";

function tooManyRequests({ details: { retryAfterSeconds } }: DomainError): HttpReply {
  const text = `Error, too many requests. Please slow down. You must wait ${Number(retryAfterSeconds ?? 1)} seconds before trying this endpoint again.`;
  return { status: 429, body: { success: false, error: `${text} [error-too-many-requests]` } };
}

export const rocketChatErrors: Dialect["errors"] = {
  // The body of the oldest servers, with the properties that current ones add.
  UNAUTHENTICATED: () => ({
    status: 401,
    body: { status: "error", message: LOGGED_OUT, success: false, error: LOGGED_OUT },
  }),
  FORBIDDEN: failure(
    403,
    "User does not have the permissions required for this action",
    "error-unauthorized",
  ),
  BAD_USER_INPUT: invalidParams,
  NOT_FOUND: failure(400, "User not found"),
  CONFLICT: ({ message }) => rocketChatFailure(400, message, "error-not-allowed"),
  STATUS_LOCKED: ({ message, details }) =>
    rocketChatFailure(400, message, "error-status-locked", details),
  NOT_AVAILABLE: ({ message }) => rocketChatFailure(400, message, "error-not-available"),
  RATE_LIMITED: tooManyRequests,
  SERVICE_UNAVAILABLE: ({ message }) =>
    rocketChatFailure(503, message, "error-service-unavailable"),
};

const deactivated = failure(400, "The user is deactivated", "error-user-deactivated");
const invalidUser = failure(400, "Invalid user", "error-invalid-user");

export const loginRefusals: Refusals = {
  UNAUTHENTICATED: () => ({
    status: 401,
    body: { status: "error", error: "Unauthorized", message: "Unauthorized", success: false },
  }),
};

export const addingRefusals: Refusals = { NOT_FOUND: invalidUser, CONFLICT: deactivated };

export const removingRefusals: Refusals = {
  NOT_FOUND: (error) =>
    error.details.entity === "User"
      ? invalidUser()
      : rocketChatFailure(400, error.message, "error-removing-user"),
};

export const agentStatusRefusals: Refusals = {
  NOT_FOUND: failure(404, "Agent not found"),
  CONFLICT: deactivated,
};

export const userParamRefusals: Refusals = {
  NOT_FOUND: failure(
    400,
    'The required "userId" or "username" param provided does not match any users',
    "error-invalid-user",
  ),
};

export const INVALID_DATE = "expiresAt must be a future date [error-invalid-date]";

export const setStatusRefusals: Refusals = {
  ...userParamRefusals,
  BAD_USER_INPUT: (error) => {
    const isPast = fieldErrorsOf(error).some(({ path }) => path === "until");
    return invalidParams(isPast ? badInput([{ path: "expiresAt", message: INVALID_DATE }]) : error);
  },
  FORBIDDEN: failure(403, "unauthorized"),
  CONFLICT: deactivated,
};

export const userInfoRefusals: Refusals = { NOT_FOUND: failure(400, "User not found.") };
