import type { Pool } from "pg";
import type { DataSource } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";

/** Every statement that reaches Postgres through the data source's pool while `work` runs. */
export async function recordSql(
  dataSource: DataSource,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const statements: string[] = [];
  const { master } = dataSource.driver as PostgresDriver;
  const pool = master as Pool & {
    Client: { prototype: { query: (...args: unknown[]) => unknown } };
  };
  const { prototype } = (pool as unknown as { Client: typeof pool.Client }).Client;
  const original = prototype.query;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args;
    statements.push(typeof first === "string" ? first : String((first as { text: unknown }).text));
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}
