import { execute, GraphQLError, type GraphQLSchema } from "graphql";
import { isUnavailable } from "../../errors/domain-error.js";
import type { Execute } from "../pipeline.js";
import { CompiledOperations } from "./compiled-operations.js";

/** Executes by a compiled plan, and what no plan covers by GraphQL.js. */
export function createExecutor(schema: GraphQLSchema): Execute {
  const compiled = new CompiledOperations(schema);
  return async (document, operation, variables, contextValue) => {
    try {
      const dataJson = await compiled.execute(document, operation, variables, contextValue);
      if (dataJson !== null) return { dataJson, errors: [] };
    } catch (error) {
      if (!(error instanceof Error) || !isUnavailable(error)) throw error;
      return {
        dataJson: null,
        errors: [new GraphQLError(error.message, { originalError: error })],
      };
    }
    const { data, errors = [] } = await execute({
      schema,
      document,
      contextValue,
      variableValues: variables,
      operationName: operation.name?.value,
    });
    return { dataJson: data === undefined ? null : JSON.stringify(data), errors };
  };
}
