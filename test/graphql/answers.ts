import type { GraphQLAnswer } from "../support/gateway.js";

/** The code of the first error, or OK when there is none. */
export const codeOf = ({ errors }: GraphQLAnswer): string => errors?.[0]?.extensions.code ?? "OK";

/** The dotted paths that a refusal names. */
export const faultyFieldsOf = ({ errors }: GraphQLAnswer): string[] => {
  const fields = errors?.[0]?.extensions.fields as { path: string }[] | undefined;
  return (fields ?? []).map(({ path }) => path).sort();
};

/** The data of a successful response. @throws when it has errors */
export function dataOf<Data>({ data, errors }: GraphQLAnswer): Data {
  if (errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return data as Data;
}
