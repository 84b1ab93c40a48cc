import type { DataSource, DataSourceOptions } from "typeorm";
import { migrations } from "../../migrations/index.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { createEmptyDatabase } from "../support/database.js";
import { describeSchema, readConstraints, readIndexes } from "./catalog.js";

let url: string;
const opened: DataSource[] = [];

/** A data source that knows the first so many migrations. */
async function open(count: number = migrations.length): Promise<DataSource> {
  const dataSource = createDataSource({ url, poolMax: 2, statementTimeoutMs: 30_000 });
  const options: Partial<DataSourceOptions> = { migrations: migrations.slice(0, count) };
  await dataSource.setOptions(options).initialize();
  opened.push(dataSource);
  return dataSource;
}

const migrate = (dataSource: DataSource) => dataSource.runMigrations({ transaction: "each" });

beforeAll(async () => {
  url = await createEmptyDatabase("rollcall_migrations");
});

afterAll(() => Promise.all(opened.map((dataSource) => dataSource.destroy())));

it("each migration can be reverted to exactly the schema before it", async () => {
  const steps = [await describeSchema(await open(0))];
  expect(steps).toEqual([[]]);
  for (let count = 1; count <= migrations.length; count += 1) {
    const dataSource = await open(count);
    await migrate(dataSource);
    steps.push(await describeSchema(dataSource));
    await dataSource.undoLastMigration({ transaction: "each" });
    expect(await describeSchema(dataSource)).toEqual(steps[count - 1]);
    await migrate(dataSource);
    expect(await describeSchema(dataSource)).toEqual(steps[count]);
  }
});

it("all migrations can be reverted to an empty database and run again", async () => {
  const dataSource = await open();
  await migrate(dataSource);
  const before = await describeSchema(dataSource);
  for (let count = migrations.length; count > 0; count -= 1) {
    await dataSource.undoLastMigration({ transaction: "each" });
  }
  expect(await describeSchema(dataSource)).toEqual([]);
  expect(await migrate(dataSource)).toHaveLength(migrations.length);
  expect(await describeSchema(dataSource)).toEqual(before);
});

it("running the migrations twice does nothing", async () => {
  const dataSource = await open();
  await migrate(dataSource);
  const before = await describeSchema(dataSource);
  expect(await migrate(dataSource)).toEqual([]);
  expect(await describeSchema(dataSource)).toEqual(before);
});

it("every constraint and index has a name in Postgres' own manner", async () => {
  const dataSource = await open();
  await migrate(dataSource);
  const constraints = await readConstraints(dataSource);
  const indexes = await readIndexes(dataSource);
  const manners = {
    p: ({ table }) => `${table}_pkey`,
    f: ({ table, columns }) => `${table}_${columns.join("_")}_fkey`,
    n: ({ table, columns }) => `${table}_${columns.join("_")}_not_null`,
    u: ({ table }) => `${table}_*_key`,
    c: ({ table }) => `${table}_*_check`,
  } satisfies Record<string, (constraint: (typeof constraints)[number]) => string>;
  const fits = (name: string, manner: string) =>
    new RegExp(`^${manner.replace("*", "[a-z]+(_[a-z]+)*")}$`).test(name);
  const misnamed = [
    ...constraints.filter(
      (constraint) => !fits(constraint.name, manners[constraint.type](constraint)),
    ),
    ...indexes.filter(
      ({ table, name, isUnique }) => !fits(name, `${table}_*_${isUnique ? "key" : "idx"}`),
    ),
  ];
  expect(misnamed).toEqual([]);
  expect(constraints.length).toBeGreaterThan(50);
  expect(indexes.length).toBeGreaterThan(20);
});
