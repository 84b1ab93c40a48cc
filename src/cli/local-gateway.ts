import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { execute, GraphQLError, type GraphQLFormattedError } from "graphql";
import { pino } from "pino";
import { loadConfig } from "../config/schema.js";
import { Context } from "../graphql/context.js";
import { openDatabase } from "../startup/open-database.js";
import { type Actor, system } from "../domain/actor.js";
import { DomainError } from "../errors/domain-error.js";
import { formatGraphQLErrors, isWorthLogging, refusalExtensions } from "../graphql/errors.js";
import { OperationValidator, RequestRefusal } from "../graphql/validation/operation-validator.js";
import { createLoaders } from "../loaders/index.js";
import { createLogger } from "../observability/logging/logger.js";
import { createSchema } from "../resolvers/schema.js";
import { createServices, type Services } from "../services/index.js";
import { interrupted, refusal } from "./faults.js";
import type { Gateway } from "./gateway.js";
import type { Terminal } from "./terminal.js";

/**
 * Answers as a gateway does, without one: the same schema, services and rules on the database of the environment. Whoever can
 * open that is its operator, and may do everything; with a credential, what that may do.
 */
export async function openLocalGateway(
  secret: string | undefined,
  { env, stderr, signal }: Terminal,
): Promise<Gateway> {
  const config = loadConfig(env);
  const say = (line: string) => void stderr.write(`${line}\n`);
  const database = await openDatabase(config, say, { migrations: "REFUSE" });
  const logger = createLogger("error", pino.destination(2));
  const services = createServices(database.dataSource, config, logger);
  const close = async () => {
    await services.subscriptions.close();
    await database.close();
  };
  try {
    const actor = await actorOf(secret, services).catch(refuse);
    const schema = createSchema();
    const loaders = createLoaders(services.reader);
    const validator = new OperationValidator(schema, config);
    const ask = async (query: string, variables: Record<string, unknown> = {}) => {
      if (signal.aborted) throw interrupted();
      const contextValue = new Context({ ...actor, requestId: randomUUID() }, services, loaders);
      const { document } = admit(() => validator.validate(actor, { query, variables }));
      const { data, errors } = await execute({
        schema,
        document,
        variableValues: variables,
        contextValue,
      });
      for (const error of errors ?? []) {
        if (isWorthLogging(error)) logger.error({ err: error.originalError }, "unexpected");
      }
      if (errors) refuseWith(formatGraphQLErrors(errors));
      return data;
    };
    return { ask: ask as Gateway["ask"], close };
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

/** Who runs the command, as the audit calls them; a container may have an account without a name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

function admit<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RequestRefusal)) throw error;
    return refuseWith(formatGraphQLErrors(error.errors));
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw refusal({ message: error.message, extensions: refusalExtensions(error) });
}

function refuseWith([error]: readonly GraphQLFormattedError[]): never {
  throw refusal(error ?? new GraphQLError("refused"));
}
