import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { DocumentNode, GraphQLSchema } from "graphql";
import type { Context } from "./context.js";
import { formatGraphQLError, isWorthLogging } from "./errors.js";
import { type Logger, logFailure } from "../observability/logging/logger.js";
import { outageStatus } from "./outage-status.js";

/** GraphQL's execution: what comes here was admitted. */
export function createApollo(schema: GraphQLSchema, logger: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    formatError: formatGraphQLError,
    includeStacktraceInErrorResponses: false,
    introspection: true,
    // The admission has read the document, and keeps it.
    documentStore: null,
    persistedQueries: false,
    // One shutdown sequence, in main.ts: the database must be stopped last.
    stopOnTerminationSignals: false,
    plugins: [
      // It would wrap every resolver.
      ApolloServerPluginCacheControlDisabled(),
      // It would load from a CDN.
      ApolloServerPluginLandingPageDisabled(),
      documentOfAdmission,
      outageStatus,
      failureLog(logger),
    ],
  });
}

/** Apollo parses and validates only where no document is there yet. */
const documentOfAdmission: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveSource: (request) => {
        (request as { document?: DocumentNode }).document = request.contextValue.document;
        return Promise.resolve();
      },
    }),
};

const failureLog = (logger: Logger): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors: ({ errors, contextValue, operationName }) => {
        const { requestId } = contextValue.actor;
        for (const error of errors.filter(isWorthLogging)) {
          logFailure(logger, { requestId, operationName }, error.originalError ?? error);
        }
        return Promise.resolve();
      },
    }),
});
