import type { ApolloServerPlugin } from "@apollo/server";
import { BREAK, type DocumentNode, GraphQLError, visit } from "graphql";
import type { Config } from "./config.js";
import type { Context } from "./context.js";
import { DomainError, forbidden } from "./errors/domain-error.js";
import { authorize } from "./services/authorize.js";

/** Documents are parsed once and kept by Apollo, so each is looked through once. */
const answers = new WeakMap<DocumentNode, boolean>();

function asksForSchema(document: DocumentNode): boolean {
  const known = answers.get(document);
  if (known !== undefined) return known;
  let found = false;
  visit(document, {
    Field: ({ name }) => {
      if (name.value !== "__schema" && name.value !== "__type") return undefined;
      found = true;
      return BREAK;
    },
  });
  answers.set(document, found);
  return found;
}

/** Introspection takes a credential; in production an ADMIN's, unless the setting says otherwise. */
export function introspectionGuard({
  environment,
  graphql: { introspection },
}: Pick<Config, "environment" | "graphql">): ApolloServerPlugin<Context> {
  const isOpen = introspection ?? environment !== "production";
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ document, contextValue: { actor } }) => {
          if (asksForSchema(document)) {
            refusing(() => {
              if (introspection === false) throw forbidden("introspection");
              authorize(actor, isOpen ? "introspection" : "introspectionInProduction");
            });
          }
          return Promise.resolve();
        },
      }),
  };
}

/** Outside the execution Apollo takes every error for a failure of the server, unless it is told the status. */
function refusing(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const status = error.code === "UNAUTHENTICATED" ? 401 : 403;
    throw new GraphQLError(error.message, {
      originalError: error,
      extensions: { http: { status } },
    });
  }
}
