import type { GraphQLAnswer } from "../support/gateway.js";

/** The code of the refusal, or OK when there is none. */
export const codeOf = ({ errors }: GraphQLAnswer): string => errors?.[0]?.extensions.code ?? "OK";

/** The dotted paths that a refusal names. */
export const faultyFieldsOf = ({ errors }: GraphQLAnswer): string[] => {
  const fields = errors?.[0]?.extensions.fields as { path: string }[] | undefined;
  return (fields ?? []).map(({ path }) => path).sort();
};

/** What was answered to something that must not be refused. */
export function dataOf<Data>({ data, errors }: GraphQLAnswer): Data {
  if (errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return data as Data;
}
