import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { system } from "../../src/domain/actor.js";
import { type Change, Changes } from "../../src/database/changes/change.js";
import { Reader } from "../../src/database/reader.js";
import { createWorkerDatabase } from "../support/database.js";

const actor = system("sweep");

let dataSource: DataSource;
let reader: Reader;
let changes: Changes;

beforeAll(async () => {
  const url = await createWorkerDatabase();
  // One connection: the next change finds what a change leaves behind on it.
  dataSource = createDataSource({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  await dataSource.initialize();
  reader = new Reader(dataSource, { waitMs: 1000, stallTimeoutMs: 1000 });
  changes = new Changes(dataSource, reader);
});

afterAll(() => dataSource.destroy());

const insertGroup = (change: Change, name: string) =>
  change.write(`INSERT INTO groups (name) VALUES ($1)`, [name]);

const groupNames = async () => {
  const rows = await reader.query<{ name: string }>(`SELECT name FROM groups ORDER BY name`);
  return rows.map(({ name }) => name);
};

it("a write without waiting is visible to the next statement and after the commit", async () => {
  const seen = await changes.make(actor, async (change) => {
    insertGroup(change, "first");
    const [row] = await change.query<{ count: number }>(`SELECT count(*)::int FROM groups`);
    insertGroup(change, "second");
    return row?.count;
  });
  expect(seen).toBe(1);
  expect(await groupNames()).toEqual(["first", "second"]);
});

describe("a failed statement without an await", () => {
  const taken = { code: "CONFLICT", message: "name is already taken" };

  it("the transaction fails with the first failed statement and is rolled back", async () => {
    const failing = changes.make(actor, async (change) => {
      insertGroup(change, "third");
      insertGroup(change, "first");
      insertGroup(change, "fourth");
      await change.query(`SELECT 1`);
    });
    await expect(failing).rejects.toMatchObject(taken);
    expect(await groupNames()).toEqual(["first", "second"]);
  });

  it("the transaction fails when its last statement fails together with the commit", async () => {
    const failing = changes.make(actor, (change) => {
      insertGroup(change, "third");
      insertGroup(change, "first");
      return Promise.resolve();
    });
    await expect(failing).rejects.toMatchObject(taken);
    expect(await groupNames()).toEqual(["first", "second"]);
  });

  it("the transaction fails even if a later failure is caught", async () => {
    const failing = changes.make(actor, async (change) => {
      insertGroup(change, "first");
      await change.query(`SELECT 1`).catch(() => undefined);
    });
    await expect(failing).rejects.toMatchObject(taken);
  });
});

it("of several awaited statements the transaction fails with the first failure", async () => {
  const insertion = async (change: Change) => {
    const rows = await change.query(`INSERT INTO groups (name) VALUES ('first') RETURNING id`);
    return rows.length;
  };
  // Awaits the result later, so the failure is observed late.
  const delayed = async (change: Change) => Promise.all([insertion(change)]).then(([n]) => n);
  const failing = changes.make(actor, (change) =>
    Promise.all([delayed(change), change.query(`SELECT 1`)]),
  );
  await expect(failing).rejects.toMatchObject({ code: "CONFLICT" });
});

it("a refusal rolls back writes without waiting and leaves the connection clean", async () => {
  const refused = changes.make(actor, (change) => {
    insertGroup(change, "third");
    return Promise.reject(new Error("refused"));
  });
  await expect(refused).rejects.toThrow("refused");
  expect(await groupNames()).toEqual(["first", "second"]);
});
