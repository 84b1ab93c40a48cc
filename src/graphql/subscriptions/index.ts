import type { GraphQLSchema } from "graphql";
import type { Config } from "../../config/schema.js";
import type { OperationValidator } from "../validation/operation-validator.js";
import type { RateLimits } from "../../http/rate-limit/limits.js";
import type { Loaders } from "../../loaders/index.js";
import type { Logger } from "../../observability/logging/logger.js";
import type { Services } from "../../services/index.js";
import { SubscriptionExecutor } from "./executor.js";
import { OpenConnections } from "./open-connections.js";
import { SseTransport } from "./sse.js";
import { WebSocketTransport } from "./websocket.js";

const CHECK_INTERVAL_MS = 10_000;

export interface SubscriptionTransportOptions {
  readonly schema: GraphQLSchema;
  readonly validator: OperationValidator;
  readonly services: Services;
  readonly loaders: Loaders;
  readonly rateLimits: RateLimits;
  readonly config: Config;
  readonly logger: Logger;
}

/**
 * Subscriptions over two transports, WebSocket and server-sent events, which share the executor and the open
 * connections. The executor takes events from `services.subscriptions` and executes each once for all
 * subscribers with the same operation and visibility (result-cache.ts).
 *
 * The transports know HTTP and their protocol, the executor knows GraphQL and the services; neither knows the
 * database. This folder may import what `src/graphql` may (scripts/layers.mjs).
 */
export function attachTransports(options: SubscriptionTransportOptions) {
  const { schema, validator, services, loaders, rateLimits, config, logger } = options;
  const { subscriptions, leaseSeconds, graphql } = config;
  const executor = new SubscriptionExecutor(schema, validator, services, loaders, logger);
  const connections = new OpenConnections(
    services,
    {
      max: subscriptions.connectionsMax,
      maxPerCredential: subscriptions.connectionsPerCredential,
      leaseSeconds,
      checkIntervalMs: CHECK_INTERVAL_MS,
    },
    logger,
  );
  const { maxBodyBytes } = graphql;
  const shared = { executor, connections, services, rateLimits, logger };
  const sockets = new WebSocketTransport({
    ...shared,
    maxSockets: subscriptions.connectionsMax,
    maxMessageBytes: maxBodyBytes,
    maxSubscriptions: subscriptions.subscriptionsPerSocket,
    allowedOrigins: config.corsOrigins,
    hstsSeconds: config.hstsSeconds,
  });
  const streams = new SseTransport({
    ...shared,
    maxBodyBytes,
    stallTimeoutMs: subscriptions.stallTimeoutMs,
  });
  return {
    connections,
    sockets,
    streams,
    close: async () => {
      streams.close();
      await sockets.close();
      connections.close();
    },
  };
}
