/**
 * Executes queries and mutations: compiles an operation into a plan, fetches what the plan needs for whole places of the result, and
 * writes the result as JSON. docs/execution.md describes the phases.
 *
 * Measured with `npm run bench`, fifty users with their parts (Q2): a quarter of the processor time that the same resolvers take when
 * GraphQL.js executes them (`--without plans`); selected columns save almost half of it (`--without columns`).
 *
 * Of Rollcall, this folder imports `src/database/selected-columns.ts` and the context of resolvers. The executor works with any
 * executable schema.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { compile, type CompileOptions } from "./compile.js";
import { closed, ResultWriter } from "./complete.js";
import type { ExecutionPlan, ExecutionResult, Run } from "./plan.js";
import { fetchLevel } from "./run.js";
import { variablesReader } from "./variables.js";

/**
 * Executes an operation that was validated. It never throws or rejects: whatever fails is among the errors of the result, with the
 * message, path and locations that GraphQL.js gives it.
 */
export type Execute = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  contextValue: unknown,
  rootValue?: unknown,
) => Promise<ExecutionResult>;

/** @param options by default, properties are read as GraphQL.js' default resolver reads them */
export function createExecutor(
  schema: GraphQLSchema,
  { arePropertiesPlain = false }: Partial<Pick<CompileOptions, "arePropertiesPlain">> = {},
): Execute {
  const plans = new Plans({ schema, arePropertiesPlain });
  return async (document, operation, given, context, rootValue) => {
    const compiled = plans.of(document, operation);
    const { coerced: variables, errors } = compiled.readVariables(given);
    if (!variables) return { dataJson: null, errors: errors ?? [] };
    const writer = new ResultWriter();
    try {
      const plan = compiled.planFor(variables);
      const dataJson = await run(plan, { context, rootValue, variables }, writer);
      return { dataJson, errors: writer.errors };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { dataJson: "null", errors: [...writer.errors, error] };
    }
  };
}

/** @throws GraphQLError when the error of a field leaves no data */
async function run({ steps }: ExecutionPlan, of: Run, writer: ResultWriter): Promise<string> {
  let json = "";
  for (const step of steps) {
    const fetching = fetchLevel(step, [of.rootValue], of);
    const level = fetching instanceof Promise ? await fetching : fetching;
    json += writer.fields(step, of.rootValue, level, 0);
  }
  return closed(json);
}

interface CompiledOperation {
  readonly readVariables: ReturnType<typeof variablesReader>;
  /** @throws GraphQLError for a directive of a root field without a value */
  readonly planFor: (variables: Run["variables"]) => ExecutionPlan;
}

/** A plan depends on the variables of `@skip` and `@include`: four of them have 16 combinations. Further plans are not kept. */
const PLANS_MAX = 16;

/** Plans are kept as long as their document. */
class Plans {
  private readonly byOperation = new WeakMap<OperationDefinitionNode, CompiledOperation>();

  constructor(private readonly options: CompileOptions) {}

  of(document: DocumentNode, operation: OperationDefinitionNode): CompiledOperation {
    const known = this.byOperation.get(operation);
    if (known) return known;
    const conditions = conditionsOf(document);
    const plans = new Map<string, ExecutionPlan>();
    const compiled: CompiledOperation = {
      readVariables: variablesReader(this.options.schema, operation),
      planFor: (variables) => {
        const key = conditions.map((name) => String(variables[name])).join();
        const plan = plans.get(key) ?? compile(this.options, document, operation, variables);
        if (plans.size < PLANS_MAX) plans.set(key, plan);
        return plan;
      },
    };
    this.byOperation.set(operation, compiled);
    return compiled;
  }
}

/** The variables that decide which fields are selected. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
