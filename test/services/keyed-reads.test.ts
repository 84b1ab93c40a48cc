import { seedLoad } from "../../src/demo/seed-load.js";
import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { User } from "../../src/entities/user.entity.js";
import { type KeyedRead, KeyedReads } from "../../src/database/keyed-reads.js";
import { recordStatements } from "../support/record-sql.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

interface Multiple {
  readonly of: number;
  readonly product: number;
}

const MULTIPLES: KeyedRead<Multiple> = {
  sql: `SELECT key AS "of", key * times AS product FROM unnest($1::int[]) key, generate_series(1, 2) times`,
  toRow: (raw) => raw as Multiple,
  keyOf: (row) => row.of,
};

const read = (...keys: number[]) => gateway.services.reader.lookUpByKey(MULTIPLES, keys);

/** The lists of keys that are sent while `work` runs. */
async function keysSent(work: () => Promise<unknown>): Promise<unknown[]> {
  const statements = await recordStatements(gateway.dataSource, work);
  return statements.filter(({ text }) => text === MULTIPLES.sql).map(({ values }) => values[0]);
}

it("who asks in the same turn is answered by one statement, in which each key is named once", async () => {
  const answers: ReadonlyMap<number, readonly Multiple[]>[] = [];
  const sent = await keysSent(async () => {
    answers.push(...(await Promise.all([read(1, 2), read(2, 3)])));
  });
  expect(sent).toEqual(["{1,2,3}"]);
  expect(answers.map((rows) => rows.get(2))).toEqual([
    [
      { of: 2, product: 2 },
      { of: 2, product: 4 },
    ],
    [
      { of: 2, product: 2 },
      { of: 2, product: 4 },
    ],
  ]);
});

it("a row that belongs to several keys is found by each of them", async () => {
  const everybody: KeyedRead<{ text: string }> = {
    sql: `SELECT 'all' AS text, $1::int[] AS keys`,
    toRow: (raw) => raw as { text: string },
    keyOf: () => [7, 8],
  };
  const rows = await gateway.services.reader.lookUpByKey(everybody, [7, 8]);
  expect(rows.get(7)).toEqual([{ text: "all", keys: [7, 8] }]);
  expect(rows.get(8)?.[0]).toBe(rows.get(7)?.[0]);
});

it("a failure is everybody's who asked, and nobody's who asks later", async () => {
  const quotient: KeyedRead<{ of: number }> = {
    sql: `SELECT key AS "of", 1 / key AS quotient FROM unnest($1::int[]) key`,
    toRow: (raw) => raw as { of: number },
    keyOf: (row) => row.of,
  };
  const ask = (key: number) => gateway.services.reader.lookUpByKey(quotient, [key]);
  const asked = await Promise.allSettled([ask(1), ask(0)]);
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await ask(1)).get(1)).toEqual([{ of: 1, quotient: 1 }]);
});

it("more keys than one statement takes are read for by the next", async () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => i + 1);
  const sent = await keysSent(() => Promise.all([read(...thousand), read(1001)]));
  expect(sent).toEqual([`{${thousand.join()}}`, "{1001}"]);
});

it("callers of the same moment who look for different people share a statement, and each finds their own", async () => {
  const { dataSource, services } = gateway;
  await seedLoad(dataSource, { users: 3, agents: 1 });
  const people: { id: number; username: string }[] = await dataSource.query(
    `SELECT id, username FROM users ORDER BY id DESC LIMIT 3`,
  );
  const ids = people.map(({ id }) => toGlobalId("User", id));
  const nobody = toGlobalId("User", 2_000_000_000);
  let found: (User | null)[] = [];
  const statements = await recordStatements(dataSource, async () => {
    found = await Promise.all(
      [...ids, nobody].map((id) => services.users.find(system("test"), { id })),
    );
  });
  // The gateway looks for what ran out meanwhile.
  expect(statements.filter(({ text }) => /FROM users u WHERE/.test(text))).toHaveLength(1);
  expect(found.map((user) => user?.username)).toEqual([
    ...people.map(({ username }) => username),
    undefined,
  ]);
});

/** Answers each question with the keys that it has, when it is let. */
function slowReads() {
  const asked: { readonly keys: string; readonly answer: () => void }[] = [];
  const reads = new KeyedReads(
    (question) =>
      new Promise((resolve) => {
        setImmediate(() => {
          const keys = String(question().values[0]);
          const of = keys.slice(1, -1).split(",").map(Number);
          asked.push({ keys, answer: () => resolve(of.map((key) => ({ of: key, product: key }))) });
        });
      }),
  );
  return { asked, ask: (key: number) => reads.read(MULTIPLES, [key]) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("a read that is under way serves nobody who asks after it was sent: they share the next one, when it has ended", async () => {
  const { asked, ask } = slowReads();
  const first = ask(1);
  await turn();
  const later = [ask(1), ask(2)];
  await turn();
  expect(asked.map(({ keys }) => keys)).toEqual(["{1}"]);
  asked[0]?.answer();
  expect((await first).get(1)).toEqual([{ of: 1, product: 1 }]);
  await turn();
  await turn();
  expect(asked.map(({ keys }) => keys)).toEqual(["{1}", "{1,2}"]);
  asked[1]?.answer();
  expect((await Promise.all(later)).map((rows) => [...rows.keys()])).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it("what fails before it was sent is nobody's who asks later", async () => {
  let isAway = true;
  const reads = new KeyedReads((question) =>
    isAway ? Promise.reject(new Error("away")) : Promise.resolve([{ of: 1, sent: question() }]),
  );
  await expect(reads.read(MULTIPLES, [1])).rejects.toThrow("away");
  isAway = false;
  expect((await reads.read(MULTIPLES, [1])).get(1)).toMatchObject([{ of: 1 }]);
});

it("a read that does not end holds nobody up", async () => {
  const { asked, ask } = slowReads();
  void ask(1);
  await turn();
  const other = ask(2);
  while (asked.length < 2) await turn();
  asked[1]?.answer();
  expect((await other).get(2)).toEqual([{ of: 2, product: 2 }]);
});
