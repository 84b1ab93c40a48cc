import { loadConfig } from "../../../src/config/schema.js";
import { createDataSource } from "../../../src/database/connections/data-source.js";
import { createLogger } from "../../../src/observability/logging/logger.js";
import { createGateway } from "../../../src/server.js";
import type { Memory, ToGateway } from "./gateway-memory.js";

const SAMPLE_MS = 10;

/** The maximum since the last query. */
let peak: Memory = { rss: 0, heap: 0 };

function look(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

// A process that runs only the gateway, so that its memory is the gateway's. It reports its address, and its memory on
// request.
async function main(): Promise<void> {
  const config = { ...loadConfig(process.env), port: 0, host: "127.0.0.1" };
  const dataSource = createDataSource({ ...config.database, url: config.database.url ?? "" });
  await dataSource.initialize();
  const gateway = await createGateway(dataSource, config, createLogger(config.logLevel));
  const { apiKeys } = gateway.services;
  await apiKeys.ensure(config.adminKey ?? "", { name: "test", permissions: ["USER_READ"] });
  const port = await gateway.listen();

  setInterval(() => {
    const { rss, heap } = look();
    peak = { rss: Math.max(peak.rss, rss), heap: Math.max(peak.heap, heap) };
  }, SAMPLE_MS);
  process.on("message", (asked: ToGateway) => {
    if (asked === "garbage out") (globalThis as { gc?: () => void }).gc?.();
    if (asked === "garbage out") peak = look();
    process.send?.(peak);
  });
  process.send?.({ port });
}

void main();
