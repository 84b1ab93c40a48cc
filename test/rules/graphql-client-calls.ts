import type { ErrorCode } from "../../src/errors/domain-error.js";
import type { GraphQLAnswer, TestGateway } from "../support/gateway.js";

/** Calls one mutation. @param selection of its payload */
export function mutate(
  { ask }: TestGateway,
  secret: string | null,
  mutation: string,
  input: object,
  selection = "__typename",
): Promise<GraphQLAnswer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
  return ask(secret, document, { input });
}

/** The value of the only selected field. @throws when it was refused */
export function granted<Answer>({ data, errors }: GraphQLAnswer): Answer {
  if (errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return Object.values(data ?? {})[0] as Answer;
}

/** A refusal, for `toMatchObject`. */
export const refusal = (code: ErrorCode, details: object = {}) => ({
  status: 200,
  data: null,
  errors: [{ extensions: { ...details, code } }],
});
