import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLError, GraphQLSchema } from "graphql";
import type { IncomingMessage } from "node:http";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import type { Context } from "./context.js";
import { assignCode, formatGraphQLErrors, isWorthLogging } from "./errors.js";
import type { Execute } from "./execution/executor.js";
import type { GraphQLParams } from "./http-request.js";
import { type GraphQLResponse, outageStatus } from "./response.js";
import type { ValidatedOperation } from "./validation/operation-validator.js";

/** An operation that was validated, and the request that it came with. */
export interface OperationCall extends Pick<ValidatedOperation, "document" | "operation" | "cost"> {
  readonly params: GraphQLParams;
  readonly request: IncomingMessage;
}

/** Executes operations of queries and mutations, and makes responses of their results. */
export interface Pipeline {
  readonly run: (call: OperationCall, contextValue: Context) => Promise<GraphQLResponse>;
  readonly stop: () => Promise<void>;
}

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly plugins: readonly ApolloServerPlugin<Context>[];
  readonly logger: Logger;
}

/**
 * Without plugins the executor is called directly, and Apollo Server is not even loaded. With plugins every operation passes Apollo
 * Server, which calls them, and the same executor. Both ways give the same responses.
 *
 * @throws StartupError when a plugin fails to start
 */
export async function createPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { run, stop } =
    options.plugins.length === 0
      ? direct(options)
      : await (await import("./apollo.js")).throughApollo(options);
  return {
    run: async (call, contextValue) => {
      const isAnonymous = contextValue.actor.kind === "ANONYMOUS";
      const response = await run(call, contextValue);
      // The cost of its document would disclose to an anonymous caller whether it fits the schema.
      if (isAnonymous && response.errors) return response;
      return { ...response, extensions: { ...response.extensions, cost: call.cost } };
    },
    stop,
  };
}

function direct({ execute, logger }: PipelineOptions): Pipeline {
  return {
    run: async ({ document, operation, params }, contextValue) => {
      const result = await execute(document, operation, params.variables ?? {}, contextValue);
      const dataJson = result.dataJson ?? undefined;
      if (result.errors.length === 0) return { status: 200, dataJson };
      result.errors.forEach(assignCode);
      logErrors(logger, result.errors, contextValue, operation.name?.value);
      const errors = formatGraphQLErrors(result.errors);
      const data = () => JSON.parse(dataJson ?? "null") as unknown;
      const status = dataJson === undefined ? 400 : 200;
      return { status, ...outageStatus(operation, errors, data), errors, dataJson };
    },
    stop: () => Promise.resolve(),
  };
}

export function logErrors(
  logger: Logger,
  errors: readonly GraphQLError[],
  { actor: { requestId } }: Context,
  operationName: string | null | undefined,
): void {
  for (const error of errors.filter(isWorthLogging)) {
    logFailure(logger, { requestId, operationName }, error.originalError ?? error);
  }
}
