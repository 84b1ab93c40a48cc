import "reflect-metadata";
import { DataSource } from "typeorm";
import { entities } from "./entities/index.js";
import { migrations } from "../migrations/index.js";

export interface DataSourceOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly statementTimeoutMs: number;
}

/** The schema comes from the migrations alone: never `synchronize`. */
export function createDataSource({ url, poolMax, statementTimeoutMs }: DataSourceOptions) {
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
      statement_timeout: statementTimeoutMs,
      connectionTimeoutMillis: 5000,
      // Postgres would compile plans whose estimate is high, which takes longer than any statement here.
      options: "-c jit=off",
    },
    // An idle connection that the server closes must not end the process; the pool makes a new one.
    poolErrorHandler: () => undefined,
  });
}
