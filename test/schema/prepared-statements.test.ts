import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { Reader } from "../../src/database/reader.js";
import { createWorkerDatabase } from "../support/database.js";

let dataSource: DataSource;

beforeAll(async () => {
  const url = await createWorkerDatabase();
  // One connection, which holds all prepared statements.
  dataSource = createDataSource({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  await dataSource.initialize();
});

afterAll(() => dataSource.destroy());

it("a connection keeps a bounded number of prepared statements", async () => {
  const reader = new Reader(dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
  for (let time = 0; time < 2; time += 1) {
    for (let i = 0; i < 300; i += 1) {
      expect(await reader.query(`SELECT $1::int + ${i} AS sum`, [1])).toEqual([{ sum: 1 + i }]);
    }
  }
  const kept = await reader.query<{ statement: string }>(
    `SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + %'`,
  );
  expect(kept.map(({ statement }) => statement)).toContain("SELECT $1::int + 7 AS sum");
  expect(kept.length).toBeLessThanOrEqual(200);
});
