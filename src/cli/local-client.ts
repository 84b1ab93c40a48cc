import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { pino } from "pino";
import { loadConfig } from "../config/schema.js";
import { Context } from "../graphql/context.js";
import { openDatabase } from "../startup/open-database.js";
import { type Actor, system } from "../domain/actor.js";
import { DomainError } from "../errors/domain-error.js";
import { formatGraphQLErrors, isWorthLogging, refusalExtensions } from "../graphql/errors.js";
import { createExecutor } from "../graphql/execution/executor.js";
import { OperationValidator, RequestRefusal } from "../graphql/validation/operation-validator.js";
import { createLoaders } from "../loaders/index.js";
import { createLogger } from "../observability/logging/logger.js";
import { createSchema } from "../resolvers/schema.js";
import { createServices, type Services } from "../services/index.js";
import { interrupted, responseError } from "./errors.js";
import type { GatewayClient } from "./gateway-client.js";
import type { Terminal } from "./terminal.js";

/**
 * Executes operations without a gateway: the same schema, services and rules on the database of the
 * environment. Without a credential the actor is the operator and has every permission; with one it has the
 * credential's.
 */
export async function openLocalClient(
  secret: string | undefined,
  { env, stderr, signal }: Terminal,
): Promise<GatewayClient> {
  const config = loadConfig(env);
  const log = (line: string) => void stderr.write(`${line}\n`);
  const database = await openDatabase(config, log, { migrations: "REFUSE" });
  const logger = createLogger("error", pino.destination(2));
  const services = createServices(database.dataSource, config, logger);
  const close = async () => {
    await services.subscriptions.close();
    await database.close();
  };
  try {
    const actor = await actorOf(secret, services).catch(throwCliError);
    const schema = createSchema();
    const execute = createExecutor(schema, { arePropertiesPlain: true });
    const loaders = createLoaders(services.reader);
    const validator = new OperationValidator(schema, config);
    const request = async (query: string, variables: Record<string, unknown> = {}) => {
      if (signal.aborted) throw interrupted();
      const contextValue = new Context({ ...actor, requestId: randomUUID() }, services, loaders);
      const operation = validated(() => validator.validate(actor, { query, variables }));
      const result = await execute(
        operation.document,
        operation.operation,
        variables,
        contextValue,
      );
      for (const error of result.errors.filter(isWorthLogging)) {
        logger.error({ err: error.originalError }, "unexpected");
      }
      if (result.errors.length > 0) throwFirst(formatGraphQLErrors(result.errors));
      return JSON.parse(result.dataJson ?? "null") as unknown;
    };
    return { request: request as GatewayClient["request"], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function actorOf(secret: string | undefined, services: Services): Promise<Actor> {
  const origin = { door: "CLI", requestId: randomUUID() } as const;
  if (secret !== undefined) return services.authentication.authenticate(secret, origin);
  return { ...system(origin.requestId), door: origin.door, name: `operator ${accountName()}` };
}

/** The account that runs the command, for the audit. In a container it may have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

function validated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RequestRefusal)) throw error;
    return throwFirst(formatGraphQLErrors(error.errors));
  }
}

function throwCliError(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw responseError({ message: error.message, extensions: refusalExtensions(error) });
}

function throwFirst([error]: readonly GraphQLFormattedError[]): never {
  throw responseError(error ?? new GraphQLError("refused"));
}
