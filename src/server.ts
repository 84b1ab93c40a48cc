import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataSource } from "typeorm";
import type { Config } from "./config/schema.js";
import { createExecutor } from "./graphql/execution/executor.js";
import { createPipeline } from "./graphql/pipeline.js";
import { loadPlugins } from "./graphql/plugins.js";
import { OperationValidator } from "./graphql/validation/operation-validator.js";
import { BufferedResponse } from "./http/buffered-response.js";
import { createCors } from "./http/cors.js";
import { GracefulShutdown } from "./http/graceful-shutdown.js";
import { createGraphQLHandler } from "./graphql/http-handler.js";
import { sendHealth, sendReadiness } from "./http/health.js";
import { ConcurrencyLimiter } from "./http/concurrency-limiter.js";
import { createRequestListener } from "./http/request-listener.js";
import { startListening } from "./http/listen.js";
import { createMetricsHandler } from "./http/metrics-handler.js";
import { isWebSocketUpgrade, ignoreUpgrade } from "./http/upgrade.js";
import { handleClientErrors } from "./http/raw-response.js";
import { RateLimits } from "./http/rate-limit/limits.js";
import { sendJson } from "./http/json-response.js";
import { trustProxies } from "./http/trusted-proxies.js";
import { dialects } from "./legacy-rest/index.js";
import { attachTransports } from "./graphql/subscriptions/index.js";
import { mountDialects } from "./legacy-rest/mount.js";
import { createOpenApi } from "./legacy-rest/openapi.js";
import { startHeartbeatWriter } from "./jobs/heartbeat-writer.js";
import { createLoaders } from "./loaders/index.js";
import type { Logger } from "./observability/logging/logger.js";
import { Metrics } from "./observability/metrics/index.js";
import { createPages } from "./pages/index.js";
import { DatabaseProbe } from "./database/connections/database-probe.js";
import { createSchema } from "./resolvers/schema.js";
import { createServices, type Services } from "./services/index.js";
import { startSweeper } from "./jobs/sweeper.js";
import { startTracing } from "./observability/tracing/index.js";
import { version } from "./config/version.js";

const READINESS_TIMEOUT_MS = 1500;

export interface Gateway {
  readonly server: Server;
  readonly services: Services;
  /** Open WebSockets and event streams. */
  readonly connections: { readonly count: number };
  /** Listens; port 0 picks any free port. @returns the port */
  readonly listen: () => Promise<number>;
  /** Reports that it is about to stop, waits for the requests in flight within the time limit, then stops. */
  readonly stop: () => Promise<void>;
}

/**
 * The application: the only module that knows all parts, and puts them together. The caller opens and closes the data source.
 *
 * @throws StartupError when a module of GRAPHQL_PLUGINS cannot be used
 */
export async function createGateway(
  dataSource: DataSource,
  config: Config,
  logger: Logger,
): Promise<Gateway> {
  const schema = createSchema();
  const plugins = await loadPlugins(config.graphql.plugins);
  const pipeline = await createPipeline({
    schema,
    execute: createExecutor(schema, { arePropertiesPlain: true }),
    plugins,
    logger,
  });
  const services = createServices(dataSource, config, logger);
  const validator = new OperationValidator(schema, config);
  const { maxBodyBytes } = config.graphql;
  const loaders = createLoaders(services.reader);
  const rateLimits = new RateLimits(config.rateLimits, services.counters);
  const transports = attachTransports({
    schema,
    validator,
    services,
    loaders,
    rateLimits,
    config,
    logger,
  });
  const concurrency = new ConcurrencyLimiter(config.concurrency);
  const { url = "" } = dataSource.options as { url?: string };
  const probe = new DatabaseProbe(url, READINESS_TIMEOUT_MS);
  let openApi: object | undefined;
  const pages = createPages(config.pages);
  const metrics = config.metrics.enabled ? new Metrics() : null;
  metrics?.observe({
    ...transports,
    concurrency,
    subscriptions: services.subscriptions,
    pool: () => services.reader.connections,
  });
  const tracing = await startTracing(config.tracing, services.reader.pool, logger);
  const spans = tracing?.spans ?? null;
  const graphql = createGraphQLHandler({
    validator,
    pipeline,
    services,
    loaders,
    concurrency,
    maxBodyBytes,
    rateLimits,
    spans,
    logger,
  });

  const server = createServer({
    ServerResponse: BufferedResponse,
    requestTimeout: config.requestTimeoutMs,
  });
  const drain = new GracefulShutdown(server);
  const listener = createRequestListener(
    {
      ...pages.routes,
      "/graphql": pages.withExplorer(graphql),
      "/graphql/stream": transports.streams.handle,
      // Created for the first request: it would double the time of a start.
      "/openapi.json": (_request, response) => {
        openApi ??= createOpenApi(dialects, config.legacy, version);
        sendJson(response, 200, openApi);
      },
      "/healthz": (_request, response) => sendHealth(response),
      ...(metrics && {
        "/metrics": createMetricsHandler({
          metrics,
          token: config.metrics.token,
          services,
          logger,
        }),
      }),
      "/readyz": (_request, response) => sendReadiness(response, probe, drain),
    },
    mountDialects(dialects, {
      services,
      config: config.legacy,
      maxBodyBytes,
      longLists: config.longLists,
      rateLimits,
      concurrency,
      logger,
    }),
    {
      logger,
      metrics: metrics?.requests ?? null,
      spans,
      cors: createCors(config.corsOrigins),
      hstsSeconds: config.hstsSeconds,
    },
  );
  server.on("request", listener);
  server.on("upgrade", (request, stream, head) => {
    if (!isWebSocketUpgrade(request)) ignoreUpgrade(server, request, stream, head);
    else {
      transports.sockets.upgrade(request, stream, head).catch((error: unknown) => {
        logger.error({ err: error }, "a WebSocket handshake failed unexpectedly");
        stream.destroy();
      });
    }
  });
  handleClientErrors(server);
  trustProxies(server, config.proxies);
  const sweeper = startSweeper(services, logger, metrics?.work ?? null);
  const heartbeatWriter = startHeartbeatWriter(services, logger, metrics?.work ?? null);

  return {
    server,
    services,
    connections: transports.connections,
    listen: () => startListening(server, config),
    stop: async () => {
      drain.begin();
      const { noticeMs, timeoutMs } = config.drain;
      if (server.listening) await sleep(Math.min(noticeMs, timeoutMs));
      await Promise.all([transports.close(), drain.finish(Math.max(0, timeoutMs - noticeMs))]);
      await heartbeatWriter.stop();
      await sweeper.stop();
      await services.subscriptions.close();
      await probe.close();
      await pipeline.stop();
      await tracing?.stop();
    },
  };
}
