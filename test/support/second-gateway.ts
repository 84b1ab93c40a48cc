import type { DataSource } from "typeorm";
import { loadConfig } from "../../src/config/schema.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { createGateway, type Gateway } from "../../src/server.js";
import { PATIENT, type TestGateway } from "./gateway.js";
import { wayToDatabase } from "./way-to-database.js";

export interface SecondGateway {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly services: Gateway["services"];
  readonly stop: () => Promise<void>;
}

/**
 * A second gateway on the database of the first, with its own connections, sweeper and port, like a second
 * process.
 *
 * @param environment may contain another address of the same database
 */
export async function startSecondGateway(
  { dataSource: first }: Pick<TestGateway, "dataSource">,
  environment: Record<string, string> = {},
): Promise<SecondGateway> {
  const config = loadConfig({
    NODE_ENV: "test",
    LOG_LEVEL: "error",
    ...PATIENT,
    ...wayToDatabase((first.options as { url?: string }).url ?? ""),
    ...environment,
  });
  const { url = "" } = config.database;
  const dataSource = createDataSource({ ...config.database, url });
  await dataSource.initialize();
  const gateway = await createGateway(
    dataSource,
    { ...config, port: 0, host: "127.0.0.1" },
    createLogger(config.logLevel),
  );
  return {
    url: `http://127.0.0.1:${await gateway.listen()}`,
    dataSource,
    services: gateway.services,
    stop: async () => {
      gateway.server.closeAllConnections();
      await gateway.stop();
      await dataSource.destroy();
    },
  };
}
