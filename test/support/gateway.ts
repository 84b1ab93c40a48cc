import { once } from "node:events";
import type { DestinationStream } from "pino";
import type { DataSource } from "typeorm";
import { type Config, loadConfig } from "../../src/config/schema.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import type { Permission } from "../../src/domain/vocabulary.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { createGateway, type Gateway } from "../../src/server.js";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { createWorkerDatabase } from "./database.js";
import { type Ask, graphqlClient } from "./graphql-client.js";
import { checkAgainstOpenApi } from "./openapi-check.js";
import { wayToDatabase } from "./way-to-database.js";

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown> & { readonly code: string };
  }[];
}

export interface TestGateway {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly services: Gateway["services"];
  readonly connections: Gateway["connections"];
  /** Sends a GraphQL request over HTTP. @param secret the bearer token; null for none */
  readonly ask: Ask;
  /** Creates an API key with these permissions. @returns its secret */
  readonly givenKey: (...permissions: Permission[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** Timeouts longer than a machine stalls, except in tests of the timeouts. */
export const PATIENT: Environment = {
  DATABASE_STATEMENT_TIMEOUT_MS: "40000",
  DATABASE_POOL_WAIT_MS: "40000",
  REQUEST_TIMEOUT_MS: "50000",
  ANSWER_TIMEOUT_MS: "50000",
};

/**
 * A complete gateway on a free port with the worker's database, a copy of the migrated template.
 *
 * @param environment settings, or a function that returns them for the address of the database
 * @param logTo standard output by default
 */
export async function startTestGateway(
  environment: Environment | ((databaseUrl: string) => Promise<Environment>) = {},
  logTo?: DestinationStream,
): Promise<TestGateway> {
  const databaseUrl = await createWorkerDatabase();
  const config: Config = {
    ...loadConfig({
      NODE_ENV: "test",
      LOG_LEVEL: "error",
      ...PATIENT,
      ...wayToDatabase(databaseUrl),
      ...(typeof environment === "function" ? await environment(databaseUrl) : environment),
    }),
    port: 0,
    host: "127.0.0.1",
  };
  const dataSource = createDataSource({
    ...config.database,
    url: config.database.url ?? databaseUrl,
  });
  await dataSource.initialize();
  const gateway = await createGateway(dataSource, config, createLogger(config.logLevel, logTo));
  // A client that reuses an idle connection does not find it closing.
  gateway.server.keepAliveTimeout = 60_000;
  const openApiCheck = checkAgainstOpenApi(gateway.server, config.legacy);
  const url = `http://127.0.0.1:${await gateway.listen()}`;
  const client = graphqlClient(url);

  let keys = 0;
  return {
    url,
    dataSource,
    services: gateway.services,
    connections: gateway.connections,
    ask: client.ask,
    givenKey: async (...permissions) => {
      const secret = newApiKeySecret();
      keys += 1;
      await gateway.services.apiKeys.ensure(secret, { name: `test key ${keys}`, permissions });
      return secret;
    },
    stop: async () => {
      const ended = once(gateway.server, "close");
      client.close();
      gateway.server.closeAllConnections();
      await Promise.all([gateway.stop(), ended]);
      await dataSource.destroy();
      const faultyAnswers = await openApiCheck.findings();
      if (faultyAnswers.length > 0) {
        throw new Error(`Answers that openapi.json does not allow:\n${faultyAnswers.join("\n")}`);
      }
    },
  };
}
