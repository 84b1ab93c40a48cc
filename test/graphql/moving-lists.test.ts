import { randomUUID } from "node:crypto";
import { toGlobalId } from "../../src/domain/global-id.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { dataOf } from "./answers.js";
import { givenContactCentre } from "./contact-centre.js";
import { walkBackward, walkForward } from "./walk.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  await givenContactCentre(gateway.dataSource, 60);
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const sql = (statement: string, values: unknown[] = []): Promise<{ id: number }[]> =>
  gateway.dataSource.query(statement, values);

const orders = {
  USERNAME: "lower(username)",
  NAME: "lower(coalesce(lastname, '')), lower(coalesce(firstname, '')), id",
  CREATED_AT: "created_at, id",
} as const;

async function usersBySql(order: string): Promise<string[]> {
  const rows = await sql(`SELECT id FROM users ORDER BY ${order}`);
  return rows.map(({ id }) => toGlobalId("User", id));
}

/** Inserts a user at the start and a user at the end of every order. */
async function insertAtBothEnds(): Promise<void> {
  for (const [prefix, lastname, time] of [
    ["0", null, "2000-01-01"],
    ["z", "\u{10FFFF}", "2100-01-01"],
  ]) {
    const name = `${prefix}${randomUUID()}`;
    await sql(
      `WITH u AS (INSERT INTO users (username, jtel_uid, rocket_chat_id, lastname, created_at)
         VALUES ($1, $1, left(md5($1), 17), $2, $3) RETURNING id)
       , p AS (INSERT INTO presences (user_id, status_id, source) SELECT id, 4, 'CONNECTION' FROM u)
       INSERT INTO user_settings (user_id) SELECT id FROM u`,
      [name, lastname, time],
    );
  }
}

/** @param ids global ids */
const remove = (ids: readonly string[]) =>
  sql(`DELETE FROM users WHERE encode(convert_to('User:' || id, 'UTF8'), 'base64') = ANY($1)`, [
    ids.map((id) => Buffer.from(id, "base64url").toString("base64")),
  ]);

describe.each(["USERNAME", "NAME", "CREATED_AT"] as const)("users by %s", (field) => {
  it.each(["forward", "backward"] as const)(
    "users paged %s contain every remaining user once and in order while others come and go",
    async (direction) => {
      const order = orders[field];
      const before = await usersBySql(order);
      const gone: string[] = [];
      const walk = direction === "forward" ? walkForward : walkBackward;
      const met = await walk(gateway, admin, {
        list: "users",
        what: { orderBy: { field } },
        size: 9,
        meanwhile: async ({ nodes }) => {
          await insertAtBothEnds();
          // The row of the cursor, and a row of a later page.
          const here = (direction === "forward" ? nodes.at(-1) : nodes[0])?.id ?? "";
          const ahead = before[before.indexOf(here) + (direction === "forward" ? 4 : -4)];
          const leaving = ahead === undefined ? [here] : [here, ahead];
          await remove(leaving);
          gone.push(...leaving);
        },
      });
      expect(new Set(met).size).toBe(met.length);
      const stayed = before.filter((id) => !gone.includes(id));
      expect(met.filter((id) => stayed.includes(id))).toEqual(stayed);
      const after = await usersBySql(order);
      expect(met.filter((id) => after.includes(id))).toEqual(
        after.filter((id) => met.includes(id)),
      );
      // Users inserted ahead of the cursor are found as well.
      const newcomers = met.filter((id) => !before.includes(id));
      expect(newcomers.length).toBeGreaterThan(0);
      expect(gone.length).toBeGreaterThan(4);
    },
  );
});

interface Connection {
  readonly totalCount: number;
  readonly edges: { cursor: string; node: { value: string } }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

const CONNECTION = (value: string) => `{ totalCount edges { cursor node { value: ${value} } }
  pageInfo { hasNextPage hasPreviousPage endCursor } }`;

/** For lists that page forward only. @param ask requests the page after a cursor */
async function valuesOf(ask: (after: string | null) => Promise<Connection>): Promise<string[]> {
  const values: string[] = [];
  for (let after: string | null = null; ;) {
    const { edges, pageInfo } = await ask(after);
    values.push(...edges.map(({ node }) => node.value));
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    if (!pageInfo.hasNextPage) return values;
    after = pageInfo.endCursor;
  }
}

describe("audit records", () => {
  const query = `query ($filter: AuditFilter, $first: Int, $after: Cursor) {
    list: auditRecords(filter: $filter, first: $first, after: $after) ${CONNECTION("requestId")} }`;
  const ask = async (variables: object): Promise<Connection> =>
    dataOf<{ list: Connection }>(await gateway.ask(admin, query, { ...variables })).list;

  beforeAll(async () => {
    await sql(`DELETE FROM audit_records`);
    await sql(
      `INSERT INTO audit_records (actor_kind, actor, door, action, target_type, target_id, request_id, recorded_at)
       SELECT 'SYSTEM', 'actor ' || n % 2, (ARRAY['GRAPHQL', 'JTEL', 'CLI'])[1 + n % 3], 'action' || n % 5,
         (ARRAY['User', 'Group'])[1 + n % 2], 'target ' || n % 7, n::text, timestamptz '2026-01-01 00:00:00+00' + n * interval '1 hour'
       FROM generate_series(1, 50) AS n`,
    );
  });

  it.each([
    ["all", {}, "true"],
    ["of an action", { action: "action3" }, "action = 'action3'"],
    ["by an actor", { actor: "actor 1" }, "actor = 'actor 1'"],
    ["through a door", { door: "JTEL" }, "door = 'JTEL'"],
    ["of a type", { targetType: "Group" }, "target_type = 'Group'"],
    [
      "of an object",
      { targetType: "User", targetId: "target 2" },
      "target_type = 'User' AND target_id = 'target 2'",
    ],
    ["since a time", { since: "2026-01-02T01:00:00Z" }, "recorded_at >= '2026-01-02 01:00:00+00'"],
    ["until a time", { until: "2026-01-02T01:00:00Z" }, "recorded_at < '2026-01-02 01:00:00+00'"],
    ["by an unknown actor", { actor: "nobody" }, "false"],
  ])("audit records %s: newest first, without gaps or duplicates", async (_, filter, condition) => {
    const rows: { value: string }[] = await gateway.dataSource.query(
      `SELECT request_id AS value FROM audit_records WHERE ${condition} ORDER BY id DESC`,
    );
    const expected = rows.map(({ value }) => value);
    for (const first of [3, 25]) {
      expect(await valuesOf((after) => ask({ filter, first, after }))).toEqual(expected);
    }
    expect((await ask({ filter })).totalCount).toBe(expected.length);
  });
});

describe("status history", () => {
  const query = `query ($id: ID, $first: Int, $after: Cursor, $since: DateTime) {
    user(by: { id: $id }) { list: statusHistory(first: $first, after: $after, since: $since) ${CONNECTION("cause")} } }`;
  let userKey: number;
  const ask = async (variables: object): Promise<Connection> => {
    const id = toGlobalId("User", userKey);
    const answer = await gateway.ask(admin, query, { id, ...variables });
    return dataOf<{ user: { list: Connection } }>(answer).user.list;
  };

  beforeAll(async () => {
    userKey = (await sql(`SELECT id FROM users ORDER BY id DESC LIMIT 1`))[0]?.id ?? 0;
    // Groups of three have the same time.
    await sql(
      `INSERT INTO status_changes (user_id, to_status_id, source, cause, actor, door, changed_at)
       SELECT $1, 2, 'MANUAL', n::text, 'test', 'CLI', timestamptz '2026-01-01 00:00:00.123456+00' + n / 3 * interval '1 hour'
       FROM generate_series(1, 50) AS n`,
      [userKey],
    );
  });

  it("the status history is newest first, without gaps or duplicates at equal times", async () => {
    const expected = Array.from({ length: 50 }, (_, i) => String(50 - i));
    for (const first of [1, 7, 50, 100]) {
      expect(await valuesOf((after) => ask({ first, after }))).toEqual(expected);
    }
    expect((await ask({ first: 1 })).totalCount).toBe(50);
  });

  it("the status history can start at a given time", async () => {
    const since = "2026-01-01T10:00:00.123456Z";
    const expected = Array.from({ length: 21 }, (_, i) => String(50 - i));
    expect(await valuesOf((after) => ask({ first: 4, after, since }))).toEqual(expected);
    expect((await ask({ since })).totalCount).toBe(21);
  });
});
