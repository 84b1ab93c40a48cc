import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { rollcall } from "../cli/command-run.js";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import { User } from "../../src/entities/user.entity.js";
import { createWorkerDatabase } from "../support/database.js";
import { findDisagreements } from "./presence-consistency.js";
import { digestTables } from "./table-contents.js";

const USERS = 2000;
const AGENTS = 400;

let url: string;
let dataSource: DataSource;
const progress: (readonly [number, number])[] = [];

const seed = (users: number, agents: number): Promise<void> =>
  seedLoad(dataSource, {
    users,
    agents,
    onProgress: (done, total) => progress.push([done, total]),
  });

beforeAll(async () => {
  url = await createWorkerDatabase();
  dataSource = createDataSource({ url, poolMax: 3, statementTimeoutMs: 30_000 });
  await dataSource.initialize();
  await seed(USERS / 4, AGENTS / 4);
  await seed(USERS, AGENTS);
});

afterAll(() => dataSource.destroy());

const rows = <Row extends object>(sql: string): Promise<Row[]> => dataSource.query(sql);

const count = async (from: string): Promise<number> =>
  (await rows<{ count: number }>(`SELECT count(*)::integer FROM ${from}`))[0]?.count ?? -1;

const numbers = Array.from({ length: USERS }, (_, index) => index + 1);

it("seed load continues where it stopped, reports progress and then does nothing", async () => {
  expect(progress).toEqual([
    [USERS / 4, USERS / 4],
    [USERS, USERS],
  ]);
  const before = await digestTables(dataSource);
  await seed(USERS, AGENTS);
  expect(progress).toHaveLength(2);
  expect(await digestTables(dataSource)).toEqual(before);
});

it("seed load creates the requested number of users and agents with presence and settings", async () => {
  expect(await count("users")).toBe(USERS);
  expect(await count("agents")).toBe(AGENTS);
  expect(await count("users JOIN agents ON user_id = id WHERE kind = 'STAFF'")).toBe(AGENTS);
  expect(await count("presences")).toBe(USERS);
  expect(await count("user_settings")).toBe(USERS);
});

it("seed load creates presences that equal the rule applied to their claims", async () => {
  expect(await findDisagreements(dataSource)).toEqual([]);
});

it("seed load creates the documented shares of claims, locks and leases", async () => {
  expect(await count("presence_claims WHERE kind IN ('MANUAL', 'EXTERNAL')")).toBe(USERS * 0.3);
  expect(await count("presence_claims WHERE kind = 'LOCK'")).toBe(1);
  expect(await count("presences WHERE lease_until > now() + interval '12 hours'")).toBe(
    numbers.filter((n) => [0, 3, 5].includes(n % 60)).length,
  );
  expect(
    await count("statuses WHERE selectable AND id NOT IN (SELECT status_id FROM presences)"),
  ).toBe(0);
});

it("seed load puts every user into one to three of 40 groups", async () => {
  const sizes = await rows<{ groups: number; people: number }>(`
    SELECT groups, count(*)::integer AS people
    FROM (SELECT count(*)::integer AS groups FROM group_members GROUP BY user_id) AS m
    GROUP BY groups ORDER BY groups`);
  expect(sizes).toEqual(
    [1, 2, 3].map((groups) => ({
      groups,
      people: numbers.filter((n) => n % 3 === groups - 1).length,
    })),
  );
  expect(await count("groups")).toBe(40);
});

it("seed load creates predictable users", async () => {
  const person = await dataSource.getRepository(User).findOneByOrFail({ username: "load000123" });
  expect(person).toMatchObject({
    firstname: "Jamal",
    lastname: "Ivanova",
    email: "load000123@example.com",
    telephone: "+12005550199",
    language: "fr",
    dateFormat: "fr_FR",
    kind: "CUSTOMER",
    active: true,
    rocketChatId: "Load0000000000123",
    jtelUid: "load000123",
    createdAt: new Date("2024-01-01T02:03:00Z"),
  });
  const rare = await rows(`SELECT username FROM users WHERE lastname = 'Featherstonehaugh'`);
  expect(rare).toEqual([{ username: "load001234" }]);
});

it("seed load gives every user a unique telephone number", async () => {
  expect(await count("users WHERE telephone IS NULL")).toBe(USERS / 5);
  expect(
    await count("(SELECT DISTINCT telephone FROM users WHERE telephone IS NOT NULL) AS t"),
  ).toBe((USERS / 5) * 4);
});

it("rollcall seed load fills the database of DATABASE_URL", async () => {
  const args = ["seed", "load", "--users", "2100", "--agents", "420"];
  const run = await rollcall(args, { env: { DATABASE_URL: url } });
  expect(run).toEqual({ code: 0, stdout: "There are 2100 users\n", stderr: "" });
  expect(await count("users")).toBe(2100);
});
