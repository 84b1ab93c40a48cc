import { GraphQLError } from "graphql";

export type OperationLimit =
  "tokens" | "depth" | "aliases" | "duplicateFields" | "directives" | "cost";

const words: Readonly<Record<OperationLimit, (limit: number) => string>> = {
  tokens: (limit) => `has more than ${limit} tokens`,
  depth: (limit) => `is nested more than ${limit} levels deep`,
  aliases: (limit) => `has more than ${limit} aliases`,
  duplicateFields: (limit) => `asks more than ${limit} times for a field that it asks for already`,
  directives: (limit) => `has more than ${limit} directives`,
  cost: (limit) => `may cost more than ${limit}`,
};

/** The refusal of an operation that is larger than the gateway works on. */
export const tooLarge = (
  bound: OperationLimit,
  limit: number,
  details: object = {},
): GraphQLError =>
  new GraphQLError(`The operation ${words[bound](limit)}`, {
    extensions: { code: "OPERATION_TOO_LARGE", bound, limit, ...details },
  });
