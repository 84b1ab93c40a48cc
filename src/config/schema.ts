/**
 * The configuration: environment variables, parsed once into a typed `Config`. Imports nothing of Rollcall.
 */

import { availableParallelism } from "node:os";
import { z } from "zod";
import { basePath, flag, isOrigin, listOf, postgresAddress, secret, whole } from "./fields.js";
import {
  type ConcurrencyLimits,
  forwardingHeaders,
  type OperationLimits,
  type PagesConfig,
  type ProxyConfig,
  type RateLimitOptions,
  type ShutdownLimits,
} from "./limits.js";
import { isNetwork } from "./networks.js";

const otlpEndpoint = z.url({
  protocol: /^https?$/,
  error: "must be an http:// or https:// address",
});

/**
 * Longer than the keep-alive timeout of Node's HTTP server: afterwards no idle connection is left on which a
 * request could be lost.
 */
const PRODUCTION_NOTICE_MS = 7000;

/** The one place that names environment variables. Everything else receives a `Config`. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: whole(0, 65_535).default(4000),
  ROLLCALL_HOST: z.string().min(1).optional(),
  ROLLCALL_WORKERS: z
    .literal("auto", "must be auto or a whole number")
    .transform(() => availableParallelism())
    .or(whole(1, 256))
    .default(1),
  TRUSTED_PROXIES: listOf(
    isNetwork,
    "must be addresses or networks such as 10.0.0.0/8, separated by commas",
  ),
  TRUSTED_PROXY_HEADER: z.enum(forwardingHeaders).default("x-forwarded-for"),
  HSTS_SECONDS: whole(0, 100_000_000).default(0),
  CORS_ORIGINS: listOf(
    isOrigin,
    "must be origins such as https://app.example.com, separated by commas",
  ),
  DATABASE_URL: postgresAddress,
  DATABASE_DIRECT_URL: postgresAddress,
  DATABASE_PREPARED_STATEMENTS: flag.default(true),
  ROLLCALL_DATA_DIR: z.string().min(1).optional(),
  DATABASE_POOL_MAX: whole(2, 1000).default(10),
  DATABASE_POOL_WAIT_MS: whole(50, 600_000).default(5000),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(100, 600_000).default(5000),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  LOG_FORMAT: z.enum(["json", "pretty"]).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpEndpoint.optional(),
  OTEL_SERVICE_NAME: z.string().default("rollcall"),
  OTEL_SDK_DISABLED: flag.default(false),
  METRICS_ENABLED: flag.default(true),
  METRICS_TOKEN: secret.optional(),
  GRAPHQL_INTROSPECTION: flag.optional(),
  GRAPHQL_EXPLORER: flag.default(true),
  PRESENCE_BOARD: flag.default(true),
  REST_REFERENCE: flag.default(true),
  GRAPHQL_MAX_BODY_BYTES: whole(1024, 104_857_600).default(1_048_576),
  GRAPHQL_MAX_TOKENS: whole(100, 1_000_000).default(5000),
  GRAPHQL_MAX_DEPTH: whole(1, 100).default(20),
  GRAPHQL_MAX_ALIASES: whole(0, 100_000).default(100),
  GRAPHQL_MAX_DUPLICATE_FIELDS: whole(0, 100_000).default(200),
  GRAPHQL_MAX_DIRECTIVES: whole(0, 100_000).default(100),
  GRAPHQL_MAX_COST: whole(1, 1_000_000_000).default(50_000),
  GRAPHQL_PLUGINS: listOf(
    (path) => path !== "",
    "must be paths of modules such as ./plugin.mjs, with commas",
  ),
  REQUEST_TIMEOUT_MS: whole(100, 600_000).default(15_000),
  ANSWER_TIMEOUT_MS: whole(100, 600_000).default(20_000),
  REQUESTS_MAX: whole(1, 1_000_000).default(1000),
  DRAIN_NOTICE_MS: whole(0, 600_000).optional(),
  DRAIN_TIMEOUT_MS: whole(100, 600_000).default(25_000),
  LIST_WAIT_MS: whole(0, 600_000).default(60_000),
  LIST_STALL_TIMEOUT_MS: whole(100, 600_000).default(20_000),
  LIST_TIMEOUT_MS: whole(100, 3_600_000).default(300_000),
  LIVE_CONNECTIONS_MAX: whole(1, 1_000_000).default(20_000),
  LIVE_CONNECTIONS_PER_CREDENTIAL: whole(1, 1_000_000).default(2000),
  LIVE_SUBSCRIPTIONS_PER_SOCKET: whole(1, 10_000).default(100),
  LIVE_QUEUE_MAX: whole(10, 1_000_000).default(1000),
  LIVE_STALL_TIMEOUT_MS: whole(100, 600_000).default(20_000),
  EVENT_RETENTION_HOURS: whole(1, 8760).default(24),
  RATE_LIMIT_PER_CREDENTIAL: whole(0, 1_000_000_000).default(1_000_000),
  RATE_LIMIT_PER_ADDRESS: whole(0, 1_000_000_000).default(2_000_000),
  RATE_LIMIT_SHARED: flag.default(false),
  AUTH_FAILURES_MAX: whole(1, 10_000).default(10),
  AUTH_FAILURES_WINDOW_SECONDS: whole(1, 86_400).default(900),
  ROLLCALL_ADMIN_KEY: secret.optional(),
  // The command line uses these two, which may call a gateway where nothing else is set.
  ROLLCALL_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
    .optional(),
  ROLLCALL_KEY: z.string().min(1).optional(),
  ROLLCALL_SESSION_HOURS: whole(1, 8760).default(24 * 14),
  ROLLCALL_LEASE_SECONDS: whole(5, 3600).default(45),
  ROLLCALL_WRAP_UP_SECONDS: whole(0, 86_400).default(0),
  CLIENTEXEC_ENABLED: flag.default(true),
  CLIENTEXEC_BASE_PATH: basePath.default("/api"),
  CLIENTEXEC_LINK_TEMPLATE: z.string().max(1000).default("/users/{id}"),
  CLIENTEXEC_OFFLINE_HOURS: whole(1, 8760).default(24),
  CLIENTEXEC_OFFLINE_LIMIT: whole(0, 10_000).default(100),
  ROCKET_CHAT_ENABLED: flag.default(true),
  ROCKET_CHAT_BASE_PATH: basePath.default("/api/v1"),
  ROCKET_CHAT_CALLS_PER_MINUTE: whole(1, 1_000_000).default(6000),
  JTEL_ENABLED: flag.default(true),
  JTEL_BASE_PATH: basePath.default("/rest/v1.0"),
  JTEL_CLIENTS_ID: whole(1, 2_147_483_647).default(1),
  OMNIDESK_ENABLED: flag.default(true),
  OMNIDESK_BASE_PATH: basePath.default("/api/v2/user"),
});

/** Rules that concern more than one variable. */
const wholeEnvironment = environmentSchema.refine(
  (e) => e.DATABASE_DIRECT_URL === undefined || e.DATABASE_URL !== undefined,
  { path: ["DATABASE_DIRECT_URL"], error: "goes with DATABASE_URL, which is not set" },
);

/** The base path of each dialect; null when it is disabled. */
export interface LegacyConfig {
  readonly clientexec: {
    readonly basePath: string | null;
    /** The address of a user's page; `{id}` stands for the Clientexec id. */
    readonly linkTemplate: string;
    /** How long users are listed as offline after they were last seen, and how many at most. */
    readonly offlineHours: number;
    readonly offlineLimit: number;
  };
  readonly rocketChat: { readonly basePath: string | null; readonly callsPerMinute: number };
  readonly jtel: { readonly basePath: string | null; readonly clientsId: number };
  readonly omnidesk: { readonly basePath: string | null };
}

export interface Config {
  readonly environment: "development" | "test" | "production";
  readonly port: number;
  /** The address to listen on; loopback only while the database is the embedded one. */
  readonly host: string;
  /** The number of processes that serve the port. */
  readonly workers: number;
  readonly proxies: ProxyConfig;
  /** `max-age` of Strict-Transport-Security, in seconds; 0 sends no header. */
  readonly hstsSeconds: number;
  /** Origins whose pages may call the gateway, besides its own. */
  readonly corsOrigins: readonly string[];
  readonly database: {
    /** Undefined: start the embedded server. */
    readonly url: string | undefined;
    /** The address of the server itself when `url` is that of a pooler. */
    readonly directUrl: string | undefined;
    readonly preparedStatements: boolean;
    readonly dataDir: string | undefined;
    readonly poolMax: number;
    /** How long to wait for a connection from the pool. */
    readonly poolWaitMs: number;
    readonly statementTimeoutMs: number;
  };
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Undefined: `pretty` in a terminal, else `json`. */
  readonly logFormat: "json" | "pretty" | undefined;
  readonly tracing: {
    /** The OTLP endpoint of the traces; null disables tracing. */
    readonly url: string | null;
    readonly serviceName: string;
  };
  readonly metrics: {
    readonly enabled: boolean;
    /** The bearer token for reading metrics. Undefined: only a credential with ADMIN can read them. */
    readonly token: string | undefined;
  };
  readonly graphql: {
    /** Undefined: allowed for every credential, in production only with ADMIN. */
    readonly introspection: boolean | undefined;
    readonly maxBodyBytes: number;
    readonly limits: OperationLimits;
    /** Paths of modules with plugins for Apollo Server. */
    readonly plugins: readonly string[];
  };
  /** Which browser pages are served. */
  readonly pages: PagesConfig;
  readonly requestTimeoutMs: number;
  readonly concurrency: ConcurrencyLimits;
  /** The graceful shutdown. */
  readonly drain: ShutdownLimits;
  /** The lists that the legacy REST APIs send whole, of any length. */
  readonly longLists: {
    /** How long a list waits while other lists use half of the pool's connections. */
    readonly waitMs: number;
    /** How long a client may read nothing before the response is aborted. */
    readonly stallTimeoutMs: number;
    /** The maximum duration of one response. */
    readonly timeoutMs: number;
  };
  /** WebSocket connections and event streams. */
  readonly subscriptions: {
    readonly connectionsMax: number;
    readonly connectionsPerCredential: number;
    readonly subscriptionsPerSocket: number;
    /** The maximum number of events that wait for a slow subscriber. */
    readonly queueMax: number;
    /** How long the client of an event stream may read nothing. */
    readonly stallTimeoutMs: number;
    /** For how long a subscriber can resume after it lost the connection. */
    readonly retentionHours: number;
  };
  /** Points per minute; 0 means no limit. */
  readonly rateLimits: RateLimitOptions;
  /** The number of failed logins per account and address, and the time in which they count. */
  readonly authFailures: { readonly max: number; readonly windowSeconds: number };
  readonly adminKey: string | undefined;
  readonly sessionHours: number;
  readonly leaseSeconds: number;
  /** How long an agent is in wrap-up after an accepted reservation has ended; 0 means not at all. */
  readonly wrapUpSeconds: number;
  readonly legacy: LegacyConfig;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the whole environment once. An empty variable counts as absent.
 *
 * @throws ConfigError that lists every invalid variable, so that one restart suffices
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = wholeEnvironment.safeParse(given);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(
      ({ path, message }) => `  ${path.join(".")}: ${message}`,
    );
    throw new ConfigError(`Invalid environment variables:\n${errors.join("\n")}`);
  }
  const e = parsed.data;
  return {
    environment: e.NODE_ENV,
    port: e.PORT,
    host: e.ROLLCALL_HOST ?? (e.DATABASE_URL === undefined ? "127.0.0.1" : "::"),
    workers: e.ROLLCALL_WORKERS,
    proxies: { trusted: e.TRUSTED_PROXIES ?? [], header: e.TRUSTED_PROXY_HEADER },
    hstsSeconds: e.HSTS_SECONDS,
    corsOrigins: e.CORS_ORIGINS ?? [],
    database: {
      url: e.DATABASE_URL,
      directUrl: e.DATABASE_DIRECT_URL,
      preparedStatements: e.DATABASE_PREPARED_STATEMENTS,
      dataDir: e.ROLLCALL_DATA_DIR,
      poolMax: e.DATABASE_POOL_MAX,
      poolWaitMs: e.DATABASE_POOL_WAIT_MS,
      statementTimeoutMs: e.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    logLevel: e.LOG_LEVEL,
    logFormat: e.LOG_FORMAT,
    tracing: { url: tracesUrl(e), serviceName: e.OTEL_SERVICE_NAME },
    metrics: { enabled: e.METRICS_ENABLED, token: e.METRICS_TOKEN },
    graphql: {
      introspection: e.GRAPHQL_INTROSPECTION,
      maxBodyBytes: e.GRAPHQL_MAX_BODY_BYTES,
      limits: {
        maxTokens: e.GRAPHQL_MAX_TOKENS,
        maxDepth: e.GRAPHQL_MAX_DEPTH,
        maxAliases: e.GRAPHQL_MAX_ALIASES,
        maxDuplicateFields: e.GRAPHQL_MAX_DUPLICATE_FIELDS,
        maxDirectives: e.GRAPHQL_MAX_DIRECTIVES,
        maxCost: e.GRAPHQL_MAX_COST,
      },
      plugins: e.GRAPHQL_PLUGINS ?? [],
    },
    pages: {
      explorer: e.GRAPHQL_EXPLORER,
      board: e.PRESENCE_BOARD,
      restReference: e.REST_REFERENCE,
    },
    requestTimeoutMs: e.REQUEST_TIMEOUT_MS,
    concurrency: { max: e.REQUESTS_MAX, timeoutMs: e.ANSWER_TIMEOUT_MS },
    drain: {
      noticeMs: e.DRAIN_NOTICE_MS ?? (e.NODE_ENV === "production" ? PRODUCTION_NOTICE_MS : 0),
      timeoutMs: e.DRAIN_TIMEOUT_MS,
    },
    longLists: {
      waitMs: e.LIST_WAIT_MS,
      stallTimeoutMs: e.LIST_STALL_TIMEOUT_MS,
      timeoutMs: e.LIST_TIMEOUT_MS,
    },
    subscriptions: {
      connectionsMax: e.LIVE_CONNECTIONS_MAX,
      connectionsPerCredential: e.LIVE_CONNECTIONS_PER_CREDENTIAL,
      subscriptionsPerSocket: e.LIVE_SUBSCRIPTIONS_PER_SOCKET,
      queueMax: e.LIVE_QUEUE_MAX,
      stallTimeoutMs: e.LIVE_STALL_TIMEOUT_MS,
      retentionHours: e.EVENT_RETENTION_HOURS,
    },
    rateLimits: {
      perCredential: e.RATE_LIMIT_PER_CREDENTIAL,
      perAddress: e.RATE_LIMIT_PER_ADDRESS,
      shared: e.RATE_LIMIT_SHARED,
    },
    authFailures: { max: e.AUTH_FAILURES_MAX, windowSeconds: e.AUTH_FAILURES_WINDOW_SECONDS },
    adminKey: e.ROLLCALL_ADMIN_KEY,
    sessionHours: e.ROLLCALL_SESSION_HOURS,
    leaseSeconds: e.ROLLCALL_LEASE_SECONDS,
    wrapUpSeconds: e.ROLLCALL_WRAP_UP_SECONDS,
    legacy: {
      clientexec: {
        basePath: e.CLIENTEXEC_ENABLED ? e.CLIENTEXEC_BASE_PATH : null,
        linkTemplate: e.CLIENTEXEC_LINK_TEMPLATE,
        offlineHours: e.CLIENTEXEC_OFFLINE_HOURS,
        offlineLimit: e.CLIENTEXEC_OFFLINE_LIMIT,
      },
      rocketChat: {
        basePath: e.ROCKET_CHAT_ENABLED ? e.ROCKET_CHAT_BASE_PATH : null,
        callsPerMinute: e.ROCKET_CHAT_CALLS_PER_MINUTE,
      },
      jtel: {
        basePath: e.JTEL_ENABLED ? e.JTEL_BASE_PATH : null,
        clientsId: e.JTEL_CLIENTS_ID,
      },
      omnidesk: { basePath: e.OMNIDESK_ENABLED ? e.OMNIDESK_BASE_PATH : null },
    },
  };
}

/**
 * As in the OpenTelemetry specification: the endpoint of traces is used as it is, a collector's base address
 * gets `/v1/traces`.
 */
function tracesUrl(e: z.output<typeof environmentSchema>): string | null {
  if (e.OTEL_SDK_DISABLED) return null;
  if (e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined)
    return e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return `${e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, "")}/v1/traces`;
}
