import type { ApolloServerPlugin } from "@apollo/server";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { StartupError } from "../errors/startup-error.js";
import type { Context } from "./context.js";

type Plugin = ApolloServerPlugin<Context>;

/** The hooks of which a plugin has one at least. */
const HOOKS: readonly (keyof Plugin)[] = [
  "serverWillStart",
  "startupDidFail",
  "requestDidStart",
  "contextCreationDidFail",
  "invalidRequestWasReceived",
  "unexpectedErrorProcessingRequest",
];

/**
 * Loads the modules of GRAPHQL_PLUGINS. The default export of each is a plugin of Apollo Server, or an array of them.
 *
 * @param paths relative to the working directory
 * @throws StartupError for a module that cannot be loaded or exports anything else
 */
export async function loadPlugins(paths: readonly string[]): Promise<readonly Plugin[]> {
  const loaded = await Promise.all(paths.map(loadModule));
  return loaded.flat();
}

async function loadModule(path: string): Promise<readonly Plugin[]> {
  const module = await importModule(path);
  const exported = [module.default].flat();
  if (exported.length > 0 && exported.every(isPlugin)) return exported;
  throw new StartupError(
    `GRAPHQL_PLUGINS: ${path} must export a plugin of Apollo Server, or an array of them, as its default.`,
  );
}

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`GRAPHQL_PLUGINS: ${path} cannot be loaded: ${reason}`, { cause });
  }
}

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === "object" &&
  value !== null &&
  HOOKS.some((hook) => typeof (value as Plugin)[hook] === "function");
