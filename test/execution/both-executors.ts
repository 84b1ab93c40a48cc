import {
  execute,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLSchema,
  parse,
} from "graphql";
import { createExecutor, type Execute } from "../../src/graphql/execution/executor.js";

export interface Result {
  /** The text of `data`; undefined when the result has none. */
  readonly data: string | undefined;
  readonly errors: readonly {
    readonly message: string;
    readonly path: string;
    readonly locations: string;
  }[];
}

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly rootValue?: unknown;
}

const plain = ({ message, path, locations }: GraphQLError): Result["errors"][number] => ({
  message,
  path: JSON.stringify(path),
  locations: JSON.stringify(locations),
});

/** Executes an operation with Rollcall's executor and with GraphQL.js. */
export async function executeBoth(
  schema: GraphQLSchema,
  { query, variables = {}, rootValue }: Operation,
  contextValue: () => unknown = () => undefined,
  ours: Execute = createExecutor(schema),
): Promise<{ readonly actual: Result; readonly expected: Result }> {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error("no operation");
  const own = await ours(document, operation, variables, contextValue(), rootValue);
  const { data, errors }: ExecutionResult = await execute({
    schema,
    document,
    rootValue,
    variableValues: variables,
    contextValue: contextValue(),
  });
  return {
    actual: { data: own.dataJson ?? undefined, errors: own.errors.map(plain) },
    expected: {
      data: data === undefined ? undefined : JSON.stringify(data),
      errors: (errors ?? []).map(plain),
    },
  };
}

export async function expectSameResult(
  schema: GraphQLSchema,
  operation: Operation,
  contextValue?: () => unknown,
  ours?: Execute,
): Promise<Result> {
  const { actual, expected } = await executeBoth(schema, operation, contextValue, ours);
  expect([operation.query, actual]).toEqual([operation.query, expected]);
  return actual;
}

/**
 * When several fields fail in parallel, GraphQL.js lets the error that occurs first replace the others below the same null. Ours is that of
 * the first field in the document. So below each null that was propagated, both must have an error.
 */
export function expectEquivalentResult({
  actual,
  expected,
}: {
  readonly actual: Result;
  readonly expected: Result;
}): void {
  expect(actual.data).toBe(expected.data);
  const data: unknown = JSON.parse(actual.data ?? "null");
  const nulls = ({ errors }: Result) =>
    [...new Set(errors.map(({ path }) => nullAbove(data, path)))].sort();
  expect(nulls(actual)).toEqual(nulls(expected));
  // Errors of the request, such as of its variables, have no path and are all returned.
  const ofRequest = ({ errors }: Result) => errors.filter(({ path }) => path === undefined);
  expect(ofRequest(actual)).toEqual(ofRequest(expected));
  const known = new Map(expected.errors.map((error) => [error.path, error]));
  const shared = actual.errors.filter(({ path }) => path !== undefined && known.has(path));
  expect(shared).toEqual(shared.map(({ path }) => known.get(path)));
}

/** The path of the null that replaces a failed field: its own, or that of an object above it. */
function nullAbove(data: unknown, path: string | undefined): string {
  const keys = JSON.parse(path ?? "[]") as (string | number)[];
  let value = data;
  const above: (string | number)[] = [];
  for (const key of keys) {
    if (value === null || value === undefined) break;
    value = (value as Record<string | number, unknown>)[key];
    above.push(key);
  }
  return JSON.stringify(above);
}
