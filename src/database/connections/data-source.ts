import "reflect-metadata";
import type { ClientBase } from "pg";
import { DataSource } from "typeorm";
import { entities } from "../../entities/index.js";
import { destroyWhenInactive } from "./inactivity-timeout.js";
import { readTimestampsFast } from "../timestamps.js";
import { migrations } from "../../../migrations/index.js";

export interface DataSourceOptions {
  readonly url: string;
  /** Of the server itself, when `url` is that of a pooler. Its operator sets the session settings. */
  readonly directUrl?: string | undefined;
  readonly poolMax: number;
  /** How long to wait for a connection. */
  readonly poolWaitMs?: number;
  /** 0: no limit. */
  readonly statementTimeoutMs: number;
}

/** After the statement timeout, by which Postgres has cancelled the statement, unless it has stopped. */
const SILENCE_MS = 2000;

/** The schema comes from the migrations, never from `synchronize`. */
export function createDataSource(options: DataSourceOptions) {
  const { url, directUrl, poolMax, poolWaitMs = 5000, statementTimeoutMs } = options;
  return new DataSource({
    type: "postgres",
    url,
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: "schema_migrations",
    migrationsTransactionMode: "each",
    synchronize: false,
    poolSize: poolMax,
    applicationName: "rollcall",
    extra: {
      connectionTimeoutMillis: poolWaitMs,
      keepAlive: true,
      // Statements do not wait for earlier results: transaction.ts, pipelined-connections.ts.
      pipeline: true,
      onConnect: (client: ClientBase) => {
        readTimestampsFast(client);
        if (statementTimeoutMs > 0) destroyWhenInactive(client, statementTimeoutMs + SILENCE_MS);
      },
      // A pooler rejects them: its server sessions are shared by many clients.
      ...(directUrl === undefined ? { options: sessionSettings(statementTimeoutMs) } : {}),
    },
    // The server closed an idle connection. Without a handler the event would end the process; the pool opens another one.
    poolErrorHandler: () => undefined,
  });
}

/**
 * jit: compiling a plan with a high estimate takes longer than any statement here. plan_cache_mode: planning for each list of
 * keys takes longer than the look-up; test/schema/explain.test.ts verifies that the generic plans fit all values.
 */
const sessionSettings = (statementTimeoutMs: number): string =>
  `-c statement_timeout=${statementTimeoutMs} -c jit=off -c plan_cache_mode=force_generic_plan`;
