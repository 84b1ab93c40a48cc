import type { GraphQLSchema } from "graphql";
import type { Config } from "../../config/schema.js";
import type { OperationValidator } from "../validation/operation-validator.js";
import type { RateLimits } from "../../http/rate-limit/limits.js";
import type { Loaders } from "../../loaders/index.js";
import type { Logger } from "../../observability/logging/logger.js";
import type { Services } from "../../services/index.js";
import { EventStreams } from "./event-streams.js";
import { SubscriptionExecutor } from "./executor.js";
import { OpenConnections } from "./open-connections.js";
import { WebSockets } from "./websockets.js";

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

/** The doors for subscriptions: two transports, one way of executing, one register of what is open. */
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
  const sockets = new WebSockets({
    ...shared,
    maxSockets: subscriptions.connectionsMax,
    maxMessageBytes: maxBodyBytes,
    maxSubscriptions: subscriptions.subscriptionsPerSocket,
    allowedOrigins: config.corsOrigins,
    hstsSeconds: config.hstsSeconds,
  });
  const streams = new EventStreams({
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
