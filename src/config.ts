import { z } from "zod";

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** z.coerce.number() reads "" as 0, so digits are asked for first. */
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** The one place that names environment variables. Everything else receives a `Config`. */
const environmentSchema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: whole(0, 65_535).default(4000),
  ROLLCALL_HOST: z.string().min(1).optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
    .optional(),
  ROLLCALL_DATA_DIR: z.string().min(1).optional(),
  DATABASE_POOL_MAX: whole(1, 1000).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: whole(100, 600_000).default(5000),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  GRAPHQL_INTROSPECTION: flag.optional(),
  GRAPHQL_MAX_BODY_BYTES: whole(1024, 104_857_600).default(1_048_576),
  REQUEST_TIMEOUT_MS: whole(100, 600_000).default(15_000),
  ROLLCALL_ADMIN_KEY: z.string().min(32, "must have at least 32 characters").optional(),
  ROLLCALL_SESSION_HOURS: whole(1, 8760).default(24 * 14),
  ROLLCALL_LEASE_SECONDS: whole(5, 3600).default(45),
});

export interface Config {
  readonly environment: "development" | "test" | "production";
  readonly port: number;
  /** The address to listen on; loopback only while the database is the embedded one. */
  readonly host: string;
  readonly database: {
    /** Absent: start the embedded server. */
    readonly url: string | undefined;
    readonly dataDir: string | undefined;
    readonly poolMax: number;
    readonly statementTimeoutMs: number;
  };
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly graphql: {
    /** Undefined: whoever holds a credential, in production only ADMIN. */
    readonly introspection: boolean | undefined;
    readonly maxBodyBytes: number;
  };
  readonly requestTimeoutMs: number;
  readonly adminKey: string | undefined;
  readonly sessionHours: number;
  readonly leaseSeconds: number;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the environment, whole and once. An empty variable counts as absent.
 *
 * @throws ConfigError that lists every fault, so that nobody mends them one restart at a time
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `  ${path.join(".")}: ${message}`,
    );
    throw new ConfigError(`The environment has faults:\n${faults.join("\n")}`);
  }
  const e = parsed.data;
  return {
    environment: e.NODE_ENV,
    port: e.PORT,
    host: e.ROLLCALL_HOST ?? (e.DATABASE_URL === undefined ? "127.0.0.1" : "::"),
    database: {
      url: e.DATABASE_URL,
      dataDir: e.ROLLCALL_DATA_DIR,
      poolMax: e.DATABASE_POOL_MAX,
      statementTimeoutMs: e.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    logLevel: e.LOG_LEVEL,
    graphql: {
      introspection: e.GRAPHQL_INTROSPECTION,
      maxBodyBytes: e.GRAPHQL_MAX_BODY_BYTES,
    },
    requestTimeoutMs: e.REQUEST_TIMEOUT_MS,
    adminKey: e.ROLLCALL_ADMIN_KEY,
    sessionHours: e.ROLLCALL_SESSION_HOURS,
    leaseSeconds: e.ROLLCALL_LEASE_SECONDS,
  };
}
