import "reflect-metadata";
import type { ClientBase } from "pg";
import { DataSource } from "typeorm";
import { entities } from "../entities/index.js";
import { destroyWhenInactive } from "./inactivity-timeout.js";
import { readTimestampsFast } from "./timestamps.js";
import { migrations } from "../../migrations/index.js";

export interface DataSourceOptions {
  readonly url: string;
  /** Of the server itself. Given: `url` is that of a pooler, whose sessions are set up by its operator. */
  readonly directUrl?: string | undefined;
  readonly poolMax: number;
  /** How long to wait for a connection. */
  readonly poolWaitMs?: number;
  /** 0: as long as it likes. */
  readonly statementTimeoutMs: number;
}

/** Beyond the statement timeout: by then Postgres has said that it is over, if it can say anything. */
const SILENCE_MS = 2000;

/** The schema comes from the migrations alone: never `synchronize`. */
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
      // A statement does not wait for the answer to the one before it; see persistence/transaction.ts.
      pipeline: true,
      onConnect: (client: ClientBase) => {
        readTimestampsFast(client);
        if (statementTimeoutMs > 0) destroyWhenInactive(client, statementTimeoutMs + SILENCE_MS);
      },
      // A pooler refuses them: a session of the server serves many of its clients.
      ...(directUrl === undefined ? { options: sessionSettings(statementTimeoutMs) } : {}),
    },
    // An idle connection that the server closes must not end the process; the pool makes a new one.
    poolErrorHandler: () => undefined,
  });
}

/**
 * Without jit: Postgres would compile plans whose estimate is high, which takes longer than any statement here. And it would
 * plan for each list of keys anew, which takes longer than the look-up; test/schema/explain.test.ts sees to it that the plan
 * for all values is right for each.
 */
const sessionSettings = (statementTimeoutMs: number): string =>
  `-c statement_timeout=${statementTimeoutMs} -c jit=off -c plan_cache_mode=force_generic_plan`;
