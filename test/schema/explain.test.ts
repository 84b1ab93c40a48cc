import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { Page, PageRequest } from "../../src/persistence/keyset-page.js";
import { type Cost, planModes } from "../support/explain.js";
import { recordStatements } from "../support/record-sql.js";
import { agentCases, auditCases, type Lie, presenceCases, userCases } from "./list-cases.js";
import { type LoadDatabase, MIDDLE, openLoadDatabase } from "./load-database.js";

jest.setTimeout(60_000);

let database: LoadDatabase;

beforeAll(async () => {
  database = await openLoadDatabase();
}, 240_000);

afterAll(() => database.close());

const actor = system("explain");

interface List {
  readonly cases: Readonly<
    Record<string, { filter: (db: LoadDatabase) => object; where: string; lie: Lie }>
  >;
  readonly orders: readonly (object | null)[];
  readonly list: (request: PageRequest & object) => Promise<Page<object>>;
  /** Finds the one in the middle. */
  readonly middle: () => Promise<object>;
  /** The same list in plain SQL, in the order that comes first. */
  readonly plain: { readonly from: string; readonly id: string; readonly order: string };
}

const directed = (field: string) => [
  { field, direction: "ASC" },
  { field, direction: "DESC" },
];

const PEOPLE = `users u JOIN presences p ON p.user_id = u.id JOIN user_settings s ON s.user_id = u.id
  LEFT JOIN agents a ON a.user_id = u.id LEFT JOIN managers g ON g.user_id = u.id`;

const lists: Record<string, List> = {
  users: {
    cases: userCases,
    orders: ["USERNAME", "NAME", "CREATED_AT"].flatMap(directed),
    list: (request) => database.services.users.list(actor, request),
    middle: () => Promise.resolve({ search: MIDDLE }),
    plain: { from: PEOPLE, id: "u.id", order: "lower(u.username)" },
  },
  agents: {
    cases: agentCases,
    orders: ["USERNAME", "REGISTERED_AT"].flatMap(directed),
    list: (request) => database.services.agents.list(actor, request),
    middle: () => Promise.resolve({ search: MIDDLE }),
    plain: {
      from: PEOPLE.replace("LEFT JOIN agents", "JOIN agents"),
      id: "u.id",
      order: "lower(u.username)",
    },
  },
  presences: {
    cases: presenceCases,
    orders: [null],
    list: (request) => database.services.presence.list(actor, request),
    middle: async () => {
      const user = await database.services.users.find(actor, { username: MIDDLE });
      return { userIds: [user?.globalId ?? toGlobalId("User", 0)] };
    },
    plain: { from: PEOPLE, id: "u.id", order: "u.id" },
  },
  audit: {
    cases: auditCases,
    orders: [null],
    list: (request) => database.services.audit.list(actor, request),
    middle: () => Promise.resolve({ actor: "actor 0", targetId: "target 0" }),
    plain: { from: "audit_records r", id: "r.id", order: "r.recorded_at DESC, r.id" },
  },
};

const everyCase = Object.entries(lists).flatMap(([name, { cases }]) =>
  Object.keys(cases).map((title) => [name, title] as const),
);

const LARGE_TABLES =
  /^(users|presences|agents|group_members|presence_claims|audit_records|reservations|status_changes|user_settings)$/;

/** How many rows a page may visit, of the 100,000 and more that are there. */
const allowed: Record<Lie, (size: number) => number> = {
  few: () => 3_000,
  spread: (size) => 10_000 + 50 * size,
  apart: (size) => 35_000 + 50 * size,
};

async function costsOf(work: () => Promise<unknown>): Promise<Cost[]> {
  const statements = await recordStatements(database.dataSource, work);
  expect(statements).toHaveLength(1);
  const costs: Cost[] = [];
  for (const statement of statements) {
    for (const mode of planModes) costs.push(await database.explainer.explain(statement, mode));
  }
  return costs;
}

/** At the start, at the end, and on from the middle in both directions. */
async function placesIn({ list, middle }: List, orderBy: object | null): Promise<PageRequest[]> {
  const page = await list({ orderBy, filter: await middle(), first: 1 });
  const [cursor] = page.cursors;
  if (cursor === undefined) throw new Error("nothing is in the middle");
  return [
    { first: 20 },
    { last: 20 },
    { first: 20, after: cursor },
    { last: 20, before: cursor },
    { first: 100, after: cursor },
  ];
}

it.each(everyCase)("%s, %s: a page costs little, wherever it lies", async (name, title) => {
  const list = lists[name] as List;
  const { filter, lie } = list.cases[title] as List["cases"][string];
  const excesses: object[] = [];
  for (const orderBy of list.orders) {
    for (const place of await placesIn(list, orderBy)) {
      const request = { orderBy, filter: filter(database), ...place };
      for (const cost of await costsOf(() => list.list(request))) {
        const isScanned = cost.scanned.some((table) => LARGE_TABLES.test(table));
        const isTooMuch = cost.visited > allowed[lie](place.first ?? place.last ?? 0);
        if (isScanned || isTooMuch) excesses.push({ request, ...cost });
      }
    }
  }
  expect(excesses).toEqual([]);
});
