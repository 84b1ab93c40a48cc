import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { DomainError, isUnavailable } from "../errors/domain-error.js";
import { challengeFor, HttpError, toHttpError } from "../http/http-error.js";
import { type GraphQLMediaType, statusFor } from "./media-type.js";
import type { GraphQLResponse } from "./response.js";
import { RequestRefusal } from "./validation/operation-validator.js";

/** The error that was thrown: GraphQL wraps it, in a resolver as well as in a plugin. */
const causeOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? error.originalError : error;

/** The response to a request of which nothing was executed. */
export function toResponse(
  error: unknown,
  mediaType: Pick<GraphQLMediaType, "hidesStatus"> = { hidesStatus: false },
): GraphQLResponse {
  if (error instanceof RequestRefusal) {
    const errors = formatGraphQLErrors(error.errors);
    const status = statusFor(mediaType, error.status);
    return { status, headers: challengeFor(error.status), errors };
  }
  if (error instanceof DomainError) {
    const { status, headers, message } = toHttpError(error);
    return { status, headers, errors: [{ message, extensions: refusalExtensions(error) }] };
  }
  if (error instanceof HttpError) {
    const { status, headers, message, code } = error;
    return { status, headers, errors: [{ message, extensions: { code } }] };
  }
  return { status: 500, errors: [internalGraphQLError] };
}

/**
 * The only place where an error of an operation becomes a GraphQL error. Unexpected errors are masked: the caller learns that one
 * occurred, the log has the cause.
 */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const cause = causeOf(error);
  if (cause instanceof DomainError) {
    return { ...formatted, message: cause.message, extensions: refusalExtensions(cause) };
  }
  // Syntax, validation and coercion errors are GraphQL's own, and safe to return.
  if (cause instanceof GraphQLError && !isUnexpected(error)) {
    return withVariableFields(withoutSuggestion(formatted));
  }
  return { ...formatted, ...internalGraphQLError };
}

/** Like `formatGraphQLError`, for errors as the execution or the validation returns them. */
export const formatGraphQLErrors = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
  errors.map((error) => formatGraphQLError(error.toJSON(), error));

/** All that a caller learns of an unexpected error. */
export const internalGraphQLError = {
  message: "Internal server error",
  extensions: { code: "INTERNAL_SERVER_ERROR" },
} as const satisfies GraphQLFormattedError;

const INPUT_ERROR = /^(?:Variable|Argument) "/;

/** GraphQL.js gives the errors of variables and arguments no code. */
export function assignCode(error: GraphQLError): void {
  if (error.extensions["code"] !== undefined || !(causeOf(error) instanceof GraphQLError)) return;
  const isInput = INPUT_ERROR.test(error.message);
  error.extensions["code"] = isInput ? "BAD_USER_INPUT" : "INTERNAL_SERVER_ERROR";
}

/** GraphQL.js names the place of a wrong variable in its message only. */
function withVariableFields(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { message, extensions } = formatted;
  if (extensions?.code !== "BAD_USER_INPUT") return formatted;
  const [, variable, place, reason] = VARIABLE_ERROR.exec(message) ?? [];
  if (variable === undefined) return formatted;
  const parent = (place ?? variable).replaceAll(/\[(\d+)\]/g, ".$1");
  // The message names a missing or unknown property after its object.
  const [, property] = /^Field "(\w+)" /.exec(reason ?? "") ?? [];
  const path = property === undefined ? parent : `${parent}.${property}`;
  return {
    ...formatted,
    extensions: { ...extensions, fields: [{ path, message: reason ?? "is missing" }] },
  };
}

/** Such as: Variable "$input" got invalid value { x: "y" } at "input.user"; Expected …; texts in the value are quoted. */
const VARIABLE_ERROR =
  /^Variable "\$(\w+)" (?:got invalid value (?:"(?:[^"\\]|\\.)*"|[^"])*?(?: at "([\w.[\]]+)")?; (.+)|of .+)$/s;

/** Suggestions disclose names of the schema. GraphQL.js leaves them in the errors of variables. */
const withoutSuggestion = (formatted: GraphQLFormattedError): GraphQLFormattedError => ({
  ...formatted,
  message: formatted.message.replace(/ ?Did you mean .+\?$/, ""),
});

export const refusalExtensions = ({ code, details }: DomainError): Record<string, unknown> => ({
  ...details,
  code,
});

/** False for refusals, unless they have a cause that the caller does not receive. */
export function isWorthLogging(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof DomainError ? cause.cause !== undefined : isUnexpected(error);
}

/** Whether an error is a defect of the gateway or of its surroundings, and not a refusal. */
export function isUnexpected(error: unknown): boolean {
  const cause = causeOf(error);
  if (cause instanceof DomainError) return false;
  if (cause instanceof HttpError || cause instanceof RequestRefusal) return false;
  return !(cause instanceof GraphQLError) || cause.extensions.code === "INTERNAL_SERVER_ERROR";
}

/** Whether the same request may succeed later. */
export const isRetryable = (error: unknown): boolean =>
  isUnexpected(error) || isUnavailable(causeOf(error));
