import type { Pool } from "pg";
import type { DataSource } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Records every statement that the data source's pool sends while `work` runs. */
export async function recordSql(
  dataSource: DataSource,
  work: () => Promise<unknown>,
): Promise<string[]> {
  return (await recordStatements(dataSource, work)).map(({ text }) => text);
}

/** The same with the values of their parameters. */
export async function recordStatements(
  dataSource: DataSource,
  work: () => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const { master } = dataSource.driver as PostgresDriver;
  const pool = master as Pool & {
    Client: { prototype: { query: (...args: unknown[]) => unknown } };
  };
  const { prototype } = (pool as unknown as { Client: typeof pool.Client }).Client;
  const original = prototype.query;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first, second] = args;
    const { text, values } =
      typeof first === "string"
        ? { text: first, values: Array.isArray(second) ? (second as unknown[]) : [] }
        : (first as { text: unknown; values?: unknown[] });
    statements.push({ text: String(text), values: values ?? [] });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}
