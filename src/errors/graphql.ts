import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { DomainError } from "./domain-error.js";

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
  if (cause instanceof GraphQLError && !isUnexpected(error)) return withoutSuggestion(formatted);
  return {
    ...formatted,
    message: "Internal server error",
    extensions: { code: "INTERNAL_SERVER_ERROR" },
  };
}

/** Apollo takes them from validation errors, but not from those of variables. */
const withoutSuggestion = (formatted: GraphQLFormattedError): GraphQLFormattedError => ({
  ...formatted,
  message: formatted.message.replace(/ ?Did you mean .+\?$/, ""),
});

export const refusalExtensions = ({ code, details }: DomainError): Record<string, unknown> => ({
  ...details,
  code,
});

/** Whether an error is nobody's refusal, so that somebody should look at it. */
export function isUnexpected(error: unknown): boolean {
  const cause = causeOf(error);
  if (cause instanceof DomainError) return false;
  return !(cause instanceof GraphQLError) || cause.extensions.code === "INTERNAL_SERVER_ERROR";
}
