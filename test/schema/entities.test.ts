import type { DataSource, EntityManager } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { createWorkerDatabase } from "../support/database.js";
import { readConstraints, readIndexes } from "./catalog.js";

let dataSource: DataSource;

beforeAll(async () => {
  const url = await createWorkerDatabase();
  dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 10_000 });
  await dataSource.initialize();
});

afterAll(() => dataSource.destroy());

it("the entities describe exactly the migrated schema", async () => {
  const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
  expect([...upQueries, ...downQueries].map(({ query }) => query)).toEqual([]);
});

// TypeORM's own comparison does not cover the following.

it("primary keys and unique constraints have the entities' names", async () => {
  const declared = dataSource.entityMetadatas.flatMap(({ tableName, primaryColumns, uniques }) => [
    `${tableName} ${primaryColumns[0]?.primaryKeyConstraintName}`,
    ...uniques.map(({ name }) => `${tableName} ${name}`),
  ]);
  const made = (await readConstraints(dataSource))
    .filter(({ type }) => type === "p" || type === "u")
    .map(({ table, name }) => `${table} ${name}`);
  expect(declared.sort()).toEqual(made.sort());
});

it("CHECK constraints equal the entities' expressions", async () => {
  const made = (await readConstraints(dataSource)).filter(({ type }) => type === "c");
  const declared = dataSource.entityMetadatas.flatMap(({ tableName, checks }) =>
    checks.map(({ name, expression }) => ({ table: tableName, name: name ?? "", expression })),
  );
  const parsed = await inTemporaryTables(async (manager) => {
    for (const { table, name, expression } of declared) {
      await manager.query(
        `ALTER TABLE copy_of_${table} ADD CONSTRAINT ${name} CHECK (${expression})`,
      );
    }
    return manager.query<{ table: string; name: string; definition: string }[]>(
      `SELECT replace(conrelid::regclass::text, 'copy_of_', '') AS table, conname AS name,
              pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'c' AND connamespace = pg_my_temp_schema() ORDER BY 1, 2`,
    );
  });
  expect(parsed).toEqual(made.map(({ table, name, definition }) => ({ table, name, definition })));
  expect(made.length).toBeGreaterThan(15);
});

it("partial indexes have the entities' conditions", async () => {
  const made = await readIndexes(dataSource);
  const declared = dataSource.entityMetadatas.flatMap(({ tableName, indices }) =>
    indices
      .filter(({ synchronize }) => synchronize)
      .map(({ name, where }) => ({ table: tableName, name, where })),
  );
  const parsed = await inTemporaryTables(async (manager) => {
    for (const { table, name, where } of declared) {
      const predicate = where === undefined ? "" : `WHERE ${where}`;
      await manager.query(`CREATE INDEX ${name} ON copy_of_${table} ((true)) ${predicate}`);
    }
    return manager.query<{ name: string; predicate: string | null }[]>(
      `SELECT c.relname AS name, pg_get_expr(i.indpred, i.indrelid) AS predicate
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = pg_my_temp_schema()`,
    );
  });
  expect(parsed.length).toBeGreaterThan(15);
  for (const { name, predicate } of parsed) {
    expect([name, made.find((index) => index.name === name)?.predicate]).toEqual([name, predicate]);
  }
});

it("the indexes that TypeORM cannot describe exist on their tables", async () => {
  const made = (await readIndexes(dataSource)).map(({ table, name }) => `${table} ${name}`);
  const declared = dataSource.entityMetadatas.flatMap(({ tableName, indices }) =>
    indices.filter(({ synchronize }) => !synchronize).map(({ name }) => `${tableName} ${name}`),
  );
  expect(declared).toContain("users users_search_idx");
  expect(declared.filter((index) => !made.includes(index))).toEqual([]);
});

/** Runs `work` with a temporary copy of each table without constraints. */
async function inTemporaryTables<Result>(
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    for (const { tableName } of dataSource.entityMetadatas) {
      await runner.query(`CREATE TEMPORARY TABLE copy_of_${tableName} (LIKE ${tableName})`);
    }
    return await work(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
