import { availableParallelism } from "node:os";
import { ConfigError, environmentSchema, loadConfig } from "../src/config/schema.js";
import {
  flag,
  noNumbers,
  path,
  postgresAddress,
  text,
  type Variable,
  whole,
  words,
} from "./support/config-variable.js";

const KEY = "k".repeat(32);

const variables: Record<keyof typeof environmentSchema.shape, Variable> = {
  NODE_ENV: words((config) => config.environment, "development", [
    "development",
    "test",
    "production",
  ]),
  PORT: whole((config) => config.port, 4000, [0, 65_535]),
  ROLLCALL_HOST: text((config) => config.host, "127.0.0.1", ["0.0.0.0", "::1"]),
  ROLLCALL_WORKERS: {
    read: (config) => config.workers,
    byDefault: 1,
    good: [
      ["1", 1],
      ["256", 256],
      ["auto", availableParallelism()],
    ],
    bad: [...noNumbers, "0", "257", "AUTO"],
  },
  TRUSTED_PROXIES: {
    read: (config) => config.proxies.trusted,
    byDefault: [],
    good: [
      ["10.0.0.7", ["10.0.0.7"]],
      ["10.0.0.0/8, fd00::/8,::1", ["10.0.0.0/8", "fd00::/8", "::1"]],
    ],
    bad: [
      "*",
      "proxy",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0/8",
      "fd00::/129",
      "::1,",
      "10.0.0.1/8/8",
    ],
  },
  TRUSTED_PROXY_HEADER: words((config) => config.proxies.header, "x-forwarded-for", [
    "x-forwarded-for",
    "forwarded",
  ]),
  HSTS_SECONDS: whole((config) => config.hstsSeconds, 0, [0, 100_000_000]),
  CORS_ORIGINS: {
    read: (config) => config.corsOrigins,
    byDefault: [],
    good: [
      ["https://app.example.com", ["https://app.example.com"]],
      ["http://localhost:3000, https://a.example", ["http://localhost:3000", "https://a.example"]],
    ],
    bad: [
      "*",
      "null",
      "app.example.com",
      "https://app.example.com/",
      "https://APP.example.com",
      "https://app.example.com:443",
      "https://*.example.com",
      "ftp://app.example.com",
      "https://a.example,",
    ],
  },
  DATABASE_URL: postgresAddress((config) => config.database.url),
  DATABASE_DIRECT_URL: {
    ...postgresAddress((config) => config.database.directUrl),
    needs: { DATABASE_URL: "postgres://pooler/rollcall" },
  },
  DATABASE_PREPARED_STATEMENTS: flag((config) => config.database.preparedStatements, true),
  ROLLCALL_DATA_DIR: text((config) => config.database.dataDir, undefined, ["/var/lib/rollcall"]),
  DATABASE_POOL_MAX: whole((config) => config.database.poolMax, 10, [2, 1000]),
  DATABASE_POOL_WAIT_MS: whole((config) => config.database.poolWaitMs, 5000, [50, 600_000]),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(
    (config) => config.database.statementTimeoutMs,
    5000,
    [100, 600_000],
  ),
  LOG_LEVEL: words((config) => config.logLevel, "info", [
    "debug",
    "info",
    "warn",
    "error",
    "silent",
  ]),
  LOG_FORMAT: {
    read: (config) => config.logFormat,
    byDefault: undefined,
    good: [
      ["json", "json"],
      ["pretty", "pretty"],
    ],
    bad: ["JSON", "text", "logfmt"],
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    read: (config) => config.tracing.url,
    byDefault: null,
    good: [
      ["http://collector:4318", "http://collector:4318/v1/traces"],
      ["https://collector.example.com/otlp/", "https://collector.example.com/otlp/v1/traces"],
    ],
    bad: ["collector:4318", "grpc://collector:4317", "collector"],
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    read: (config) => config.tracing.url,
    byDefault: null,
    good: [["http://collector:4318/traces", "http://collector:4318/traces"]],
    bad: ["collector:4318"],
  },
  OTEL_SERVICE_NAME: {
    read: (config) => config.tracing.serviceName,
    byDefault: "rollcall",
    good: [["desk", "desk"]],
    bad: [],
  },
  OTEL_SDK_DISABLED: {
    read: (config) => config.tracing.url,
    byDefault: null,
    good: [["true", null]],
    bad: ["yes"],
  },
  METRICS_ENABLED: flag((config) => config.metrics.enabled, true),
  METRICS_TOKEN: {
    read: (config) => config.metrics.token,
    byDefault: undefined,
    good: [[KEY, KEY]],
    bad: ["k".repeat(31), `${KEY} ${KEY}`, `${KEY}ä`],
  },
  GRAPHQL_INTROSPECTION: flag((config) => config.graphql.introspection, undefined),
  GRAPHQL_EXPLORER: flag((config) => config.pages.explorer, true),
  PRESENCE_BOARD: flag((config) => config.pages.board, true),
  REST_REFERENCE: flag((config) => config.pages.restReference, true),
  GRAPHQL_MAX_BODY_BYTES: whole(
    (config) => config.graphql.maxBodyBytes,
    1_048_576,
    [1024, 104_857_600],
  ),
  GRAPHQL_MAX_TOKENS: whole((config) => config.graphql.limits.maxTokens, 5000, [100, 1_000_000]),
  GRAPHQL_MAX_DEPTH: whole((config) => config.graphql.limits.maxDepth, 20, [1, 100]),
  GRAPHQL_MAX_ALIASES: whole((config) => config.graphql.limits.maxAliases, 100, [0, 100_000]),
  GRAPHQL_MAX_DUPLICATE_FIELDS: whole(
    (config) => config.graphql.limits.maxDuplicateFields,
    200,
    [0, 100_000],
  ),
  GRAPHQL_MAX_DIRECTIVES: whole((config) => config.graphql.limits.maxDirectives, 100, [0, 100_000]),
  GRAPHQL_MAX_COST: whole((config) => config.graphql.limits.maxCost, 50_000, [1, 1_000_000_000]),
  GRAPHQL_PLUGINS: {
    read: (config) => config.graphql.plugins,
    byDefault: [],
    good: [
      ["./plugin.mjs", ["./plugin.mjs"]],
      ["./a.mjs, b/c.cjs", ["./a.mjs", "b/c.cjs"]],
    ],
    bad: [",", "./plugin.mjs,", " "],
  },
  REQUEST_TIMEOUT_MS: whole((config) => config.requestTimeoutMs, 15_000, [100, 600_000]),
  ANSWER_TIMEOUT_MS: whole((config) => config.concurrency.timeoutMs, 20_000, [100, 600_000]),
  REQUESTS_MAX: whole((config) => config.concurrency.max, 1000, [1, 1_000_000]),
  DRAIN_NOTICE_MS: whole((config) => config.drain.noticeMs, 0, [0, 600_000]),
  DRAIN_TIMEOUT_MS: whole((config) => config.drain.timeoutMs, 25_000, [100, 600_000]),
  LIST_WAIT_MS: whole((config) => config.longLists.waitMs, 60_000, [0, 600_000]),
  LIST_STALL_TIMEOUT_MS: whole((config) => config.longLists.stallTimeoutMs, 20_000, [100, 600_000]),
  LIST_TIMEOUT_MS: whole((config) => config.longLists.timeoutMs, 300_000, [100, 3_600_000]),
  LIVE_CONNECTIONS_MAX: whole(
    (config) => config.subscriptions.connectionsMax,
    20_000,
    [1, 1_000_000],
  ),
  LIVE_CONNECTIONS_PER_CREDENTIAL: whole(
    (config) => config.subscriptions.connectionsPerCredential,
    2000,
    [1, 1_000_000],
  ),
  LIVE_SUBSCRIPTIONS_PER_SOCKET: whole(
    (config) => config.subscriptions.subscriptionsPerSocket,
    100,
    [1, 10_000],
  ),
  LIVE_QUEUE_MAX: whole((config) => config.subscriptions.queueMax, 1000, [10, 1_000_000]),
  LIVE_STALL_TIMEOUT_MS: whole(
    (config) => config.subscriptions.stallTimeoutMs,
    20_000,
    [100, 600_000],
  ),
  EVENT_RETENTION_HOURS: whole((config) => config.subscriptions.retentionHours, 24, [1, 8760]),
  RATE_LIMIT_PER_CREDENTIAL: whole(
    (config) => config.rateLimits.perCredential,
    1_000_000,
    [0, 1_000_000_000],
  ),
  RATE_LIMIT_PER_ADDRESS: whole(
    (config) => config.rateLimits.perAddress,
    2_000_000,
    [0, 1_000_000_000],
  ),
  RATE_LIMIT_SHARED: flag((config) => config.rateLimits.shared, false),
  AUTH_FAILURES_MAX: whole((config) => config.authFailures.max, 10, [1, 10_000]),
  AUTH_FAILURES_WINDOW_SECONDS: whole(
    (config) => config.authFailures.windowSeconds,
    900,
    [1, 86_400],
  ),
  ROLLCALL_ADMIN_KEY: {
    read: (config) => config.adminKey,
    byDefault: undefined,
    good: [KEY, `${KEY}~!"#$%&'()*+,-./:;<=>?@[]^_{|}`].map((key) => [key, key]),
    bad: ["k".repeat(31), `${KEY} ${KEY}`, `${KEY}ä`, `${KEY}\n`, `${KEY}\t`],
  },
  // The command line reads these itself; `loadConfig` only validates them.
  ROLLCALL_URL: {
    read: () => undefined,
    byDefault: undefined,
    good: [["https://rollcall.example.com/gateway", undefined]],
    bad: ["localhost:4000", "ftp://localhost", "nonsense"],
  },
  ROLLCALL_KEY: { read: () => undefined, byDefault: undefined, good: [["x", undefined]], bad: [] },
  ROLLCALL_SESSION_HOURS: whole((config) => config.sessionHours, 336, [1, 8760]),
  ROLLCALL_LEASE_SECONDS: whole((config) => config.leaseSeconds, 45, [5, 3600]),
  ROLLCALL_WRAP_UP_SECONDS: whole((config) => config.wrapUpSeconds, 0, [0, 86_400]),
  CLIENTEXEC_ENABLED: flag((config) => config.legacy.clientexec.basePath, "/api", null),
  CLIENTEXEC_BASE_PATH: path((config) => config.legacy.clientexec.basePath, "/api"),
  CLIENTEXEC_LINK_TEMPLATE: {
    read: (config) => config.legacy.clientexec.linkTemplate,
    byDefault: "/users/{id}",
    good: [["https://example.com/{id}/profile", "https://example.com/{id}/profile"]],
    bad: ["x".repeat(1001)],
  },
  CLIENTEXEC_OFFLINE_HOURS: whole((config) => config.legacy.clientexec.offlineHours, 24, [1, 8760]),
  CLIENTEXEC_OFFLINE_LIMIT: whole(
    (config) => config.legacy.clientexec.offlineLimit,
    100,
    [0, 10_000],
  ),
  ROCKET_CHAT_ENABLED: flag((config) => config.legacy.rocketChat.basePath, "/api/v1", null),
  ROCKET_CHAT_BASE_PATH: path((config) => config.legacy.rocketChat.basePath, "/api/v1"),
  ROCKET_CHAT_CALLS_PER_MINUTE: whole(
    (config) => config.legacy.rocketChat.callsPerMinute,
    6000,
    [1, 1_000_000],
  ),
  JTEL_ENABLED: flag((config) => config.legacy.jtel.basePath, "/rest/v1.0", null),
  JTEL_BASE_PATH: path((config) => config.legacy.jtel.basePath, "/rest/v1.0"),
  JTEL_CLIENTS_ID: whole((config) => config.legacy.jtel.clientsId, 1, [1, 2_147_483_647]),
  OMNIDESK_ENABLED: flag((config) => config.legacy.omnidesk.basePath, "/api/v2/user", null),
  OMNIDESK_BASE_PATH: path((config) => config.legacy.omnidesk.basePath, "/api/v2/user"),
};
const names = Object.keys(variables) as (keyof typeof variables)[];

/** The errors of the configuration, one line each. */
function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [title, ...faults] = (error as ConfigError).message.split("\n");
    expect(title).toBe("Invalid environment variables:");
    return faults.map((fault) => fault.trim());
  }
}

it("every variable has its table of values", () => {
  expect([...names].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
});

describe.each(names)("%s", (name) => {
  const { needs, read, byDefault, good, bad } = variables[name];

  it("a variable has a default, also for an empty value", () => {
    expect(read(loadConfig({}))).toEqual(byDefault);
    expect(read(loadConfig({ [name]: "" }))).toEqual(byDefault);
  });

  it("a valid value is parsed", () => {
    for (const [text, value] of good) {
      expect([text, read(loadConfig({ ...needs, [name]: text }))]).toEqual([text, value]);
    }
  });

  it("an invalid value is refused with the name of its variable", () => {
    for (const text of bad) {
      const faults = faultsOf({ ...needs, [name]: text });
      expect([text, faults]).toEqual([text, [expect.stringContaining(`${name}: `)]]);
    }
  });
});

it("all invalid variables are reported together", () => {
  const env = Object.fromEntries(names.map((name) => [name, variables[name].bad[0]]));
  const faulty = names.filter((name) => variables[name].bad.length > 0);
  expect(faultsOf(env).map((fault) => fault.split(":", 1)[0])).toEqual(faulty);
});

it("an invalid value is not repeated, since it may be a secret", () => {
  const env = {
    ROLLCALL_ADMIN_KEY: "hunter2 hunter2",
    DATABASE_URL: "mysql://me:hunter2@db",
    PORT: "hunter2",
    LOG_LEVEL: "hunter2",
    CLIENTEXEC_BASE_PATH: "hunter2",
  };
  expect(faultsOf(env)).toHaveLength(6);
  expect(faultsOf(env).join()).not.toContain("hunter2");
});

it("unknown variables are ignored", () => {
  const others = { PATH: "/bin", ROLLCALL_TYPO: "x", PORTS: "x", port: "x", GRAPHQL: "" };
  expect(loadConfig(others)).toEqual(loadConfig({}));
});
