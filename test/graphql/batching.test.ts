import { seedLoad } from "../../src/demo/load/seed-load.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { type GraphQLAnswer, startTestGateway, type TestGateway } from "../support/gateway.js";
import { recordSql } from "../support/record-sql.js";
import { dataOf } from "./answers.js";
import { everythingOf, piecesOf } from "./everything-of.js";

const PEOPLE = 120;

let gateway: TestGateway;
let admin: string;

/** Every user has at least one of everything, so that the first row needs the same statements as any other. */
const FILL = [
  `INSERT INTO agents (user_id) SELECT id FROM users ON CONFLICT DO NOTHING`,
  `INSERT INTO managers (user_id) SELECT id FROM users WHERE id % 2 = 0 ON CONFLICT DO NOTHING`,
  `INSERT INTO group_members (user_id, group_id) SELECT u.id, g.id FROM users u, groups g
   WHERE (u.id + g.id) % 10 = 0 ON CONFLICT DO NOTHING`,
  `INSERT INTO user_campaigns (user_id, campaign_id, active)
   SELECT u.id, 1 + u.id % 10, true FROM users u ON CONFLICT DO NOTHING`,
  `INSERT INTO user_statistics (user_id, statistic) SELECT id, 'CALLS' FROM users`,
  `INSERT INTO reservations (user_id, channel, state, expires_at, fencing_token, reserved_by)
   SELECT id, 'phone', 'ACCEPTED', now(), 1, 'test' FROM users`,
  `DELETE FROM views WHERE id > 2`,
  `DELETE FROM presence_claims`,
  `INSERT INTO presence_claims (user_id, kind, status_id, set_by)
   SELECT id, k.kind, 1 + id % 3, (SELECT max(id) FROM users) - id + (SELECT min(id) FROM users)
   FROM users, (VALUES ('LOCK'), ('MANUAL')) AS k(kind)`,
  `UPDATE presences SET status_id = 1 + user_id % 3, source = 'LOCK', changes_at = NULL, plan = '[]',
     last_view_module = 'support', last_view_name = 'list'`,
  `INSERT INTO status_changes (user_id, from_status_id, to_status_id, source, cause, actor, door)
   SELECT id, 4, 1 + id % 3, 'LOCK', 'lockStatus', 'test', 'GRAPHQL' FROM users, generate_series(1, 2)`,
  `INSERT INTO audit_records (actor_kind, actor, door, action, target_type, target_id, after, request_id)
   SELECT 'SYSTEM', 'test', 'CLI', 'test', 'User', id, '{"a": 1}', 'test' FROM users`,
];

beforeAll(async () => {
  // All fields of a hundred users exceed the default cost limit.
  gateway = await startTestGateway({ GRAPHQL_MAX_COST: "1000000" });
  admin = await gateway.givenKey("ADMIN");
  const { dataSource } = gateway;
  await seedLoad(dataSource, { users: PEOPLE, agents: PEOPLE });
  for (const statement of FILL) await dataSource.query(statement);
});
afterAll(() => gateway.stop());

/** Statements outside requests: sweeps, and records of the use of a key. */
const isOwnBusiness = (sql: string) =>
  /^(START TRANSACTION|COMMIT)$|FOR UPDATE|changes_at <= now\(\) ORDER BY|SET last_used_at/.test(
    sql,
  );

/** @returns the statements, sorted, and the number of rows */
async function ask(query: string, variables: Record<string, unknown>) {
  let answer: GraphQLAnswer | undefined;
  const statements = await recordSql(gateway.dataSource, async () => {
    answer = await gateway.ask(admin, query, variables);
  });
  if (!answer) throw new Error("nothing was answered");
  const { list } = dataOf<{ list: unknown[] | { nodes: unknown[] } }>(answer);
  return {
    rows: Array.isArray(list) ? list.filter(Boolean).length : list.nodes.length,
    statements: statements.filter((sql) => !isOwnBusiness(sql)).sort(),
  };
}

/** @param variablesFor the variables that request this many rows */
async function expectSameStatements(
  query: string,
  variablesFor: (rows: number) => Record<string, unknown>,
) {
  // The first execution learns which columns are needed.
  await ask(query, variablesFor(100));
  const one = await ask(query, variablesFor(1));
  expect([query, one.rows]).toEqual([query, 1]);
  for (const rows of [10, 100]) {
    const more = await ask(query, variablesFor(rows));
    expect([query, more]).toEqual([query, { rows, statements: one.statements }]);
  }
}

/**
 * Pieces that are requested together share what they load; how much depends on the order of the database's
 * responses. There is about one statement per piece, and never one per row.
 */
async function expectFewStatements(
  query: string,
  variables: Record<string, unknown>,
  pieces: readonly string[],
) {
  await ask(query, variables);
  const { rows, statements } = await ask(query, variables);
  expect(rows).toBe(100);
  expect(statements.length).toBeLessThanOrEqual(2 * pieces.length);
}

describe("a list takes as many statements for 1 row as for 100", () => {
  const lists = [
    ["users", "UserConnection"],
    ["agents", "AgentConnection"],
    ["presences", "PresenceConnection"],
    ["auditRecords", "AuditRecordConnection"],
  ] as const;
  const queryOf = (name: string, selection: string) =>
    `query ($first: Int) { list: ${name}(first: $first) { nodes { __typename } ...all } }
     fragment all on ${new Map<string, string>(lists).get(name)} ${selection}`;

  it.each(lists)("%s takes as many statements for 1 row as for 100", async (name, type) => {
    for (const piece of piecesOf(type)) {
      await expectSameStatements(queryOf(name, piece), (first) => ({ first }));
    }
  });

  it.each(lists)(
    "%s with every field at once takes the same number of statements",
    async (name, type) => {
      await expectFewStatements(queryOf(name, everythingOf(type)), { first: 100 }, piecesOf(type));
    },
  );

  it("history, times and views with different arguments take the same number of statements", async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const query = `query ($first: Int) { list: users(first: $first) { nodes {
      all: views { selected view { name } } some: views(search: "0") { selected view { name } }
      few: statusHistory(first: 1, since: "2020-01-01T00:00:00Z") { totalCount nodes { cause } }
      many: statusHistory(first: 25) { totalCount nodes { cause } }
      timeInStatus(since: "${yesterday}") { seconds status { name } }
    } } }`;
    await expectSameStatements(query, (first) => ({ first }));
  });

  it("apiKeys, which has no pages, takes the same number of statements", async () => {
    const giveKeys = (condition: string) =>
      gateway.dataSource.query(
        `INSERT INTO api_keys (name, prefix, secret_hash, permissions, owner_user_id)
         SELECT username, 'test', sha256(username::bytea), '{}', id FROM users WHERE ${condition}
         ON CONFLICT DO NOTHING`,
      );
    const query = `{ list: apiKeys { name owner { username groups { name } } } }`;
    await giveKeys("id = (SELECT min(id) FROM users)");
    const few = await ask(query, {});
    await giveKeys("true");
    expect(await ask(query, {})).toEqual({ rows: PEOPLE + 1, statements: few.statements });
  });
});

describe("nodes take as many statements for 1 as for 100", () => {
  it.each(["User", "Agent", "Presence", "Reservation"] as const)(
    "nodes of the type %s take as many statements for 1 as for 100",
    async (type) => {
      const queryOf = (selection: string) =>
        `query ($ids: [ID!]!) { list: nodes(ids: $ids) { ... on ${type} ${selection} } }`;
      const ids = (await keysOf(type)).map((key) => toGlobalId(type, key));
      await expectSameStatements(queryOf("{ id }"), (rows) => ({ ids: ids.slice(0, rows) }));
      await expectFewStatements(queryOf(everythingOf(type)), { ids }, piecesOf(type));
    },
  );

  it("nodes of several types take one more statement per type", async () => {
    const query = `query ($ids: [ID!]!) { list: nodes(ids: $ids) { id } }`;
    const [users, groups] = [await keysOf("User"), [1, 2, 3, 4, 5]];
    const ids = [
      ...users.slice(0, 50).map((key) => toGlobalId("User", key)),
      ...groups.map((key) => toGlobalId("Group", key)),
      ...users.slice(0, 45).map((key) => toGlobalId("Presence", key)),
    ];
    const single = await ask(query, { ids: ids.slice(0, 1) });
    const mixed = await ask(query, { ids });
    expect(mixed.statements.length).toBe(single.statements.length + 2);
  });
});

async function keysOf(type: "User" | "Agent" | "Presence" | "Reservation"): Promise<number[]> {
  const table = type === "Reservation" ? "reservations" : "users";
  const rows: { id: number }[] = await gateway.dataSource.query(
    `SELECT id FROM ${table} ORDER BY id LIMIT 100`,
  );
  return rows.map(({ id }) => Number(id));
}

it("totalCount is counted only when selected", async () => {
  const without = await ask(`{ list: users { nodes { id } } }`, {});
  const counted = await ask(`{ list: users { totalCount nodes { id } } }`, {});
  expect(without.statements.filter((sql) => sql.includes("count("))).toEqual([]);
  expect(counted.statements.filter((sql) => sql.includes("count("))).toHaveLength(1);
});
