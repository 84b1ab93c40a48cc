import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { DomainError, isUnavailable } from "../errors/domain-error.js";

/** What was really thrown: GraphQL wraps it, in a resolver as well as in a plugin. */
const causeOf = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? error.originalError : error;

/**
 * The only place where a refusal becomes a GraphQL error. Anything unexpected is masked: the caller
 * learns that it happened, the log learns why.
 */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const cause = causeOf(error);
  if (cause instanceof DomainError) {
    return { ...formatted, message: cause.message, extensions: refusalExtensions(cause) };
  }
  // Syntax, validation and coercion errors are GraphQL's own, and safe to show.
  if (cause instanceof GraphQLError && !isUnexpected(error)) {
    return withVariableFields(withoutSuggestion(formatted));
  }
  return { ...formatted, ...internalGraphQLError };
}

/** The same for errors that nobody has formatted yet. */
export const formatGraphQLErrors = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
  errors.map((error) => formatGraphQLError(error.toJSON(), error));

/** All that a caller learns of what nobody expected. */
export const internalGraphQLError = {
  message: "Internal server error",
  extensions: { code: "INTERNAL_SERVER_ERROR" },
} as const satisfies GraphQLFormattedError;

/** The executor says nothing of a variable of the wrong type but in words; the place is among them. */
function withVariableFields(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { message, extensions } = formatted;
  if (extensions?.code !== "BAD_USER_INPUT") return formatted;
  const [, variable, place, reason] = VARIABLE_FAULT.exec(message) ?? [];
  if (variable === undefined) return formatted;
  const above = (place ?? variable).replaceAll(/\[(\d+)\]/g, ".$1");
  // What is missing or too much is named after its object.
  const [, property] = /^Field "(\w+)" /.exec(reason ?? "") ?? [];
  const path = property === undefined ? above : `${above}.${property}`;
  return {
    ...formatted,
    extensions: { ...extensions, fields: [{ path, message: reason ?? "is missing" }] },
  };
}

/** Such as: Variable "$input" got invalid value { x: "y" } at "input.user"; Expected …; texts in the value are quoted. */
const VARIABLE_FAULT =
  /^Variable "\$(\w+)" (?:got invalid value (?:"(?:[^"\\]|\\.)*"|[^"])*?(?: at "([\w.[\]]+)")?; (.+)|of .+)$/s;

/** The executor leaves them in the errors of variables. */
const withoutSuggestion = (formatted: GraphQLFormattedError): GraphQLFormattedError => ({
  ...formatted,
  message: formatted.message.replace(/ ?Did you mean .+\?$/, ""),
});

export const refusalExtensions = ({ code, details }: DomainError): Record<string, unknown> => ({
  ...details,
  code,
});

/** Refusals are not, unless there is more to them than the caller was told. */
export function isWorthLogging(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof DomainError ? cause.cause !== undefined : isUnexpected(error);
}

/** Whether an error is nobody's refusal, so that somebody should look at it. */
export function isUnexpected(error: unknown): boolean {
  const cause = causeOf(error);
  if (cause instanceof DomainError) return false;
  return !(cause instanceof GraphQLError) || cause.extensions.code === "INTERNAL_SERVER_ERROR";
}

/** Whether the same may be answered when it is asked for later: nothing was wrong with it. */
export const isRetryable = (error: unknown): boolean =>
  isUnexpected(error) || isUnavailable(causeOf(error));
