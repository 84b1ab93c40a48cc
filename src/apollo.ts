import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { type GraphQLSchema, OperationTypeNode } from "graphql";
import type { Context } from "./context.js";
import { formatGraphQLError, isUnexpected } from "./errors/graphql.js";
import { introspectionGuard } from "./introspection-guard.js";
import { createLoaders } from "./loaders/index.js";
import type { Config } from "./config.js";
import type { Logger } from "./logger.js";

const MAX_TOKENS = 10_000;

/** GraphQL itself, without HTTP around it. */
export function createApollo(
  schema: GraphQLSchema,
  config: Pick<Config, "environment" | "graphql">,
  logger: Logger,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    formatError: formatGraphQLError,
    includeStacktraceInErrorResponses: false,
    // Whoever lacks a credential is not to learn the schema from guesses.
    hideSchemaDetailsFromClientErrors: true,
    introspection: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    // One shutdown sequence, in main.ts: the database must be stopped last.
    stopOnTerminationSignals: false,
    plugins: [
      // It would wrap every resolver.
      ApolloServerPluginCacheControlDisabled(),
      // It would load from a CDN.
      ApolloServerPluginLandingPageDisabled(),
      introspectionGuard(config),
      freshLoadersForMutations,
      unexpectedErrorLog(logger),
    ],
  });
}

/** Mutations of one request run one after the other; what the first made loaders keep, the second may change. */
const freshLoadersForMutations: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, contextValue }) => {
        if (operation?.operation === OperationTypeNode.MUTATION) {
          contextValue.loaders = createLoaders(contextValue.services.reader, { cache: false });
        }
        return Promise.resolve();
      },
    }),
};

/** What the caller is not told, somebody else must be. */
const unexpectedErrorLog = (logger: Logger): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors: ({ errors, contextValue, operationName }) => {
        for (const error of errors.filter(isUnexpected)) {
          const { requestId } = contextValue.actor;
          logger.error(
            { requestId, operationName, err: error.originalError ?? error },
            "unexpected",
          );
        }
        return Promise.resolve();
      },
    }),
});
