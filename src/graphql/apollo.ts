import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  HeaderMap,
  type HTTPGraphQLRequest,
} from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { buildSchema, type DocumentNode, type GraphQLSchema, printSchema } from "graphql";
import type { IncomingMessage } from "node:http";
import { StartupError } from "../errors/startup-error.js";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import type { Context } from "./context.js";
import { assignCode, formatGraphQLError } from "./errors.js";
import type { Execute } from "./execution/executor.js";
import { logErrors, type Pipeline, type PipelineOptions } from "./pipeline.js";
import { outageStatus } from "./response.js";

/** The validated document of an operation, by the context that belongs to it. Apollo copies the context. */
interface ApolloContext extends Context {
  document?: DocumentNode;
}

/**
 * Every operation passes the request pipeline of Apollo Server, so that its plugins see it. Apollo neither parses nor validates: it
 * receives the validated document, and calls the executor as if that were Apollo Gateway.
 *
 * @throws StartupError when a plugin fails to start
 */
export async function throughApollo({
  schema,
  execute,
  plugins,
  logger,
}: PipelineOptions): Promise<Pipeline> {
  const server = new ApolloServer<ApolloContext>({
    gateway: gatewayFor(schema, execute),
    formatError: formatGraphQLError,
    includeStacktraceInErrorResponses: false,
    documentStore: null,
    persistedQueries: false,
    // src/main.ts has the only shutdown sequence: the database stops last.
    stopOnTerminationSignals: false,
    logger,
    plugins: [
      // It would wrap every resolver.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      validatedDocument,
      outage,
      failureLog(logger),
      ...plugins,
    ],
  });
  try {
    await server.start();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`GRAPHQL_PLUGINS: a plugin failed to start: ${reason}`, { cause });
  }
  return {
    run: async ({ document, params, request }, context) => {
      const contextValue: ApolloContext = Object.assign(context, { document });
      const { body, http } = await server.executeOperation(
        { ...params, http: toHttp(request) },
        { contextValue },
      );
      if (body.kind !== "single") throw new Error("the schema has no @defer and no @stream");
      return {
        status: http.status ?? 200,
        headers: Object.fromEntries(http.headers),
        ...body.singleResult,
      };
    },
    stop: () => server.stop(),
  };
}

/** A copy of the schema without resolvers: a plugin can read it, but cannot wrap the resolvers that the executor has compiled. */
function gatewayFor(
  schema: GraphQLSchema,
  execute: Execute,
): ApolloServerOptionsWithGateway<ApolloContext>["gateway"] {
  const apiSchema = buildSchema(printSchema(schema));
  return {
    load: () =>
      Promise.resolve({
        executor: async ({ document, operation, request, context }) => {
          const { variables = {} } = request;
          const { dataJson, errors } = await execute(document, operation, variables, context);
          errors.forEach(assignCode);
          return {
            ...(dataJson !== null && { data: JSON.parse(dataJson) as Record<string, unknown> }),
            ...(errors.length > 0 && { errors }),
          };
        },
      }),
    onSchemaLoadOrUpdate: (loaded) => {
      loaded({ apiSchema, coreSupergraphSdl: "" });
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
}

/** What plugins see of the HTTP request. The credential is not for them: `contextValue.actor` names the caller. */
function toHttp({ method = "POST", headers, url = "" }: IncomingMessage): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== "authorization") map.set(name, String(value));
  }
  const start = url.indexOf("?");
  return { method, headers: map, search: start === -1 ? "" : url.slice(start), body: undefined };
}

/** Apollo parses and validates only when the request has no document yet. */
const validatedDocument: ApolloServerPlugin<ApolloContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveSource: (request) => {
        (request as { document?: DocumentNode }).document = request.contextValue.document;
        return Promise.resolve();
      },
    }),
};

/** Before the plugins of the operator, which see the status and may replace it. */
const outage: ApolloServerPlugin<ApolloContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response: { http, body }, operation }) => {
        if (body.kind === "single" && operation) {
          const { data, errors = [] } = body.singleResult;
          const found = outageStatus(operation, errors, () => data);
          if (found) {
            http.status = found.status;
            for (const [name, value] of Object.entries(found.headers))
              http.headers.set(name, value);
          }
        }
        return Promise.resolve();
      },
    }),
};

const failureLog = (logger: Logger): ApolloServerPlugin<ApolloContext> => ({
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors: ({ errors, contextValue, operationName }) => {
        logErrors(logger, errors, contextValue, operationName);
        return Promise.resolve();
      },
    }),
  unexpectedErrorProcessingRequest: ({ requestContext, error }) => {
    const { requestId } = requestContext.contextValue.actor;
    logFailure(logger, { requestId }, error);
    return Promise.resolve();
  },
});
