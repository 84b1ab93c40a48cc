import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { createWorkerDatabase } from "../support/database.js";

/** A database of the test file's own with the demo data. */
export class DemoDatabase {
  dataSource!: DataSource;
  /** The results of two seeds that ran concurrently. */
  outcomes: readonly boolean[] = [];

  async open(): Promise<void> {
    const url = await createWorkerDatabase();
    this.dataSource = createDataSource({ url, poolMax: 3, statementTimeoutMs: 60_000 });
    await this.dataSource.initialize();
    this.outcomes = await Promise.all([seedDemo(this.dataSource), seedDemo(this.dataSource)]);
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  readonly rows = <Row extends object>(sql: string): Promise<Row[]> => this.dataSource.query(sql);

  /** All values of a result as a flat list. */
  readonly values = async (sql: string): Promise<unknown[]> =>
    (await this.rows(sql)).flatMap((row) => Object.values(row) as unknown[]);
}
