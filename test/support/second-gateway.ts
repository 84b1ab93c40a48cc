import { loadConfig } from "../../src/config.js";
import { createDataSource } from "../../src/data-source.js";
import { createLogger } from "../../src/logger.js";
import { createGateway, type Gateway } from "../../src/server.js";
import type { TestGateway } from "./gateway.js";

export interface SecondGateway {
  readonly services: Gateway["services"];
  readonly stop: () => Promise<void>;
}

/** Another process' worth of gateway on the database of the first: connections and a sweeper of its own. */
export async function startSecondGateway({
  dataSource: first,
}: TestGateway): Promise<SecondGateway> {
  const { url = "" } = first.options as { url?: string };
  const config = loadConfig({ NODE_ENV: "test", LOG_LEVEL: "error", DATABASE_URL: url });
  const dataSource = createDataSource({ ...config.database, url });
  await dataSource.initialize();
  const gateway = await createGateway(dataSource, config, createLogger(config.logLevel));
  return {
    services: gateway.services,
    stop: async () => {
      await gateway.stop();
      await dataSource.destroy();
    },
  };
}
