import { system } from "../../src/domain/actor.js";
import { type Cost, type PlanMode, planModes } from "../support/explain.js";
import { recordStatements } from "../support/record-sql.js";
import type { Lie } from "./list-cases.js";
import { type List, lists, type Request } from "./lists.js";
import { type LoadDatabase, LONG_PAST, openLoadDatabase, USERS } from "./load-database.js";
import { load, LOADED_KEYS, loaderNames, lookups } from "./lookups.js";

jest.setTimeout(60_000);

let database: LoadDatabase;
/** The number of rows of each table that grows without limit. */
let sizes: Map<string, number>;

beforeAll(async () => {
  database = await openLoadDatabase();
  const tables: { name: string; rows: number }[] = await database.dataSource.query(
    `SELECT relname AS name, reltuples::integer AS rows FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 1000`,
  );
  sizes = new Map(tables.map(({ name, rows }) => [name, rows]));
}, 240_000);

afterAll(() => database.close());

const everyCase = Object.entries(lists).flatMap(([name, { cases }]) =>
  Object.keys(cases).map((title) => [name, title] as const),
);

function caseOf(name: string, title: string) {
  const list = lists[name] as List;
  const { filter, ...rest } = list.cases[title] as List["cases"][string];
  return { list, filter: filter(database), ...rest };
}

async function costsOf(
  work: () => Promise<unknown>,
  modes: readonly PlanMode[] = planModes,
): Promise<Cost[]> {
  const statements = await recordStatements(database.dataSource, work);
  const costs: Cost[] = [];
  for (const { text, values } of statements) {
    const [, query] = /^\s*(?:DECLARE .*? FOR )?((?:SELECT|WITH)\b.*)/s.exec(text) ?? [];
    if (query === undefined) continue;
    for (const mode of modes) {
      costs.push(await database.explainer.explain({ text: query, values }, mode));
    }
  }
  expect(costs).not.toEqual([]);
  return costs;
}

/** The large tables that are scanned although only this many of their rows are useful. */
const scannedInVain = ({ scanned }: Cost, useful = 0) =>
  scanned.filter((table) => (sizes.get(table) ?? 0) > useful);

/** The number of rows and index entries that a page may visit, in tables of 100,000 rows and more. */
const allowed: Record<Lie, (size: number) => number> = {
  few: (size) => 50 * size + 2_000,
  many: (size) => 50 * size + 2_000,
  some: (size) => 50 * size + 14_000,
  // No index covers this: the cost is that of the rows of the most selective condition.
  apart: (size) => 50 * size + 34_000,
};

const cursors = new Map<string, Promise<string>>();

/** The cursor of the row in the middle. */
function middleOf(name: string, orderBy?: object | null): Promise<string> {
  const find = async () => {
    const list = lists[name] as List;
    const middle = await list.page(database, { orderBy, filter: await list.middle(database) });
    return middle.cursorOf(0);
  };
  const key = JSON.stringify([name, orderBy]);
  const cursor = cursors.get(key) ?? find();
  cursors.set(key, cursor);
  return cursor;
}

const mirrored = Object.entries(lists).flatMap(([name, { orders }]) =>
  orders.flatMap((order) => (order ? [[name, order] as const] : [])),
);

it.each(mirrored)(
  "%s by %j: the descending page reads the same index backwards",
  async (name, order) => {
    const list = lists[name] as List;
    const after = await middleOf(name, order);
    const descending = { ...order, direction: "DESC" };
    for (const [first, last] of [
      [{ first: 20 }, { last: 20 }],
      [
        { first: 20, after },
        { last: 20, before: after },
      ],
    ]) {
      const statementsOf = (request: Request) =>
        recordStatements(database.dataSource, () => list.page(database, request));
      expect(await statementsOf({ orderBy: descending, ...first })).toEqual(
        await statementsOf({ orderBy: order, ...last }),
      );
      expect(await statementsOf({ orderBy: descending, ...last })).toEqual(
        await statementsOf({ orderBy: order, ...first }),
      );
    }
  },
);

it.each(everyCase)("%s, %s: a page reads few rows, wherever it is", async (name, title) => {
  const { list, filter, lie } = caseOf(name, title);
  const excesses: object[] = [];
  for (const [i, orderBy] of list.orders.entries()) {
    const cursor = await middleOf(name, orderBy);
    const places = [
      { first: 20 },
      { first: 20, after: cursor },
      { last: 20, before: cursor },
      { last: 20 },
      ...(i === 0 ? [{ first: 100, after: cursor }] : []),
    ];
    for (const [j, place] of places.entries()) {
      const request: Request = { orderBy, filter, ...place };
      const modes = i === 0 && j < 2 ? planModes : (["force_generic_plan"] as const);
      for (const cost of await costsOf(() => list.page(database, request), modes)) {
        const rows = allowed[lie](place.first ?? place.last);
        // Skipped index entries show only in the blocks; a lookup reads three or four.
        const isTooMuch = cost.visited > rows || cost.blocks > 4 * rows;
        if (isTooMuch || scannedInVain(cost).length > 0) excesses.push({ request, ...cost });
      }
    }
  }
  expect(excesses).toEqual([]);
});

it.each(everyCase)("%s, %s: counting reads only matching rows", async (name, title) => {
  const { list, filter } = caseOf(name, title);
  const countOf = async (condition: object, of = list) =>
    (await of.page(database, { filter: condition, first: 1 })).count();
  const alone = Object.entries(filter).map(
    ([key, value]) => [key, { [key]: value as unknown }] as const,
  );
  // Agents are the users with the agent condition; some conditions still apply to all users.
  let fitting = name === "agents" || alone.length === 0 ? await countOf({}) : 0;
  for (const [key, condition] of alone) {
    const ofUsers = ["search", "groupId", "statusClass"].includes(key) && name === "agents";
    fitting += await countOf(condition, ofUsers ? lists.users : list);
  }

  const { count } = await list.page(database, { filter, first: 1 });
  for (const cost of await costsOf(count)) {
    // Twice: in the index and in the table. Of several conditions, each is first counted up to 2,000.
    expect(cost.visited).toBeLessThanOrEqual(2.5 * fitting + 2_001 * (alone.length + 1));
    expect(scannedInVain(cost, 1.1 * fitting)).toEqual([]);
  }
});

const plainLists = new Map<string, Promise<unknown>>();

/** A table of all candidates of a list with the cases that each matches: one read for all cases. */
function plainList(name: string): Promise<unknown> {
  const make = () => {
    const { cases, from, id, sorted } = lists[name] as List;
    const fits = Object.values(cases).map(({ where }, i) => `(${where}) IS TRUE AS fits_${i}`);
    return database.dataSource.query(`
      CREATE SCHEMA IF NOT EXISTS plain;
      CREATE UNLOGGED TABLE plain.${name} AS
        SELECT ${id} AS id, ${sorted} AS sorted, ${fits.join(", ")} FROM ${from};
      CREATE INDEX ON plain.${name} (sorted)`);
  };
  const made = plainLists.get(name) ?? make();
  plainLists.set(name, made);
  return made;
}

it.each(everyCase)("%s, %s: pages and count equal plain SQL", async (name, title) => {
  const { list, filter } = caseOf(name, title);
  await plainList(name);
  const fits = `FROM plain.${name} WHERE fits_${Object.keys(list.cases).indexOf(title)}`;
  const ids = (side: "<" | ">", direction: "ASC" | "DESC") =>
    `ARRAY(SELECT id ${fits} AND sorted ${side} ${list.sortedMiddle} ORDER BY sorted ${direction} LIMIT 5)`;
  const [plain] = await database.dataSource.query<object[]>(`
    SELECT (SELECT count(*)::int ${fits}) AS total, ${ids(">", "ASC")} AS after,
           ${ids(">", "DESC")} AS last, ${ids("<", "DESC")} AS before`);

  const cursor = await middleOf(name);
  const page = (place: Request) => list.page(database, { ...place, filter });
  const idsOf = async (place: Request) =>
    (await page(place)).rows.map((row) => {
      const { id, userId } = row as { id?: number | string; userId?: number };
      return userId ?? id;
    });
  expect({
    total: await (await page({ first: 1 })).count(),
    after: await idsOf({ first: 5, after: cursor }),
    last: (await idsOf({ last: 5, after: cursor })).reverse(),
    before: (await idsOf({ last: 5, before: cursor })).reverse(),
  }).toEqual(plain);
});

it("online users are listed without reading every user", async () => {
  const online = { online: true, orderBy: "clientexecId" } as const;
  const columns = { user: ["username"], presence: [], status: ["class"], settings: [] } as const;
  const { legacyLists } = database.services;
  const batches = legacyLists.inSnapshot(
    system("explain"),
    "presences",
    async function* (snapshot) {
      const count = await snapshot.count(online);
      yield* snapshot.stream(columns, online, count);
    },
  );
  let listed = 0;
  const costs = await costsOf(async () => {
    for await (const batch of batches) listed += batch.length;
  });
  expect(listed).toBe(USERS / 20);
  for (const cost of costs) {
    expect(cost.visited).toBeLessThanOrEqual(2.1 * listed);
    expect(scannedInVain(cost)).toEqual([]);
  }
});

it.each(Object.keys(lookups))("%s is found by an index", async (title) => {
  const lookup = lookups[title] as (typeof lookups)[string];
  for (const cost of await costsOf(() => lookup(database))) {
    expect(cost.visited).toBeLessThanOrEqual(300);
    expect(scannedInVain(cost)).toEqual([]);
  }
});

it.each(loaderNames)("the loader %s reads only the rows of its keys", async (name) => {
  for (const cost of await costsOf(() => load(database, name))) {
    // At most a page of history and all views of the catalogue for each; counting a past takes all of it.
    const counted = name === "historyLengthsByUserId" ? LONG_PAST : 0;
    expect(cost.visited).toBeLessThanOrEqual(30 * LOADED_KEYS + 1.1 * counted);
    expect(scannedInVain(cost)).toEqual([]);
  }
});
