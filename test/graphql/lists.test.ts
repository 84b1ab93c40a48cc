import { toGlobalId } from "../../src/domain/global-id.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenContactCentre } from "./contact-centre.js";
import { fetchPage, type List, type ListArguments, walkBackward, walkForward } from "./walk.js";

let gateway: TestGateway;
let reader: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  await givenContactCentre(gateway.dataSource, 90);
  reader = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const globalTypes = { users: "User", agents: "Agent", presences: "Presence" } as const;

/** The whole list by a query of the test's own. @param sql returns the keys of the users */
async function idsBySql(list: List, sql: string): Promise<string[]> {
  const rows: { id: number }[] = await gateway.dataSource.query(sql);
  return rows.map(({ id }) => toGlobalId(globalTypes[list], id));
}

async function expectSameList(
  list: List,
  what: ListArguments,
  expected: string[],
  sizes: number[],
) {
  for (const size of sizes) {
    expect(await walkForward(gateway, reader, { list, what, size })).toEqual(expected);
    expect(await walkBackward(gateway, reader, { list, what, size })).toEqual(expected);
  }
  const { totalCount } = await fetchPage(gateway, reader, list, { ...what, first: 1 });
  expect(totalCount).toBe(expected.length);
}

const USERS = `SELECT u.id FROM users u`;
const AGENTS = `SELECT a.user_id AS id FROM agents a JOIN users u ON u.id = a.user_id`;
const BY_NAME = (direction: string) =>
  `lower(coalesce(u.lastname, '')) ${direction}, lower(coalesce(u.firstname, '')) ${direction}, u.id ${direction}`;

describe.each(["ASC", "DESC"] as const)("%s, page by page, both ways", (direction) => {
  it.each([
    ["USERNAME", `lower(u.username) ${direction}`],
    ["NAME", BY_NAME(direction)],
    ["CREATED_AT", `u.created_at ${direction}, u.id ${direction}`],
  ] as const)(
    "users by %s are one sorted list without gaps or duplicates",
    async (field, order) => {
      const expected = await idsBySql("users", `${USERS} ORDER BY ${order}`);
      await expectSameList("users", { orderBy: { field, direction } }, expected, [7, 45, 100]);
    },
  );

  it.each([
    ["USERNAME", `lower(u.username) ${direction}`],
    ["REGISTERED_AT", `a.registered_at ${direction}, a.user_id ${direction}`],
  ] as const)("agents by %s are one sorted list", async (field, order) => {
    const expected = await idsBySql("agents", `${AGENTS} ORDER BY ${order}`);
    await expectSameList("agents", { orderBy: { field, direction } }, expected, [7, 30]);
  });
});

it("without an order users and agents are sorted by username, presences by a fixed order", async () => {
  const users = await idsBySql("users", `${USERS} ORDER BY lower(u.username)`);
  await expectSameList("users", {}, users, [33]);
  const agents = await idsBySql("agents", `${AGENTS} ORDER BY lower(u.username)`);
  await expectSameList("agents", {}, agents, [33]);
  await expectSameList(
    "presences",
    {},
    await idsBySql("presences", `${USERS} ORDER BY id`),
    [11, 33],
  );
});

it("a page has 20 rows by default", async () => {
  for (const list of ["users", "agents", "presences"] as const) {
    expect((await fetchPage(gateway, reader, list, {})).nodes).toHaveLength(20);
  }
});

it("after and before together return the rows between", async () => {
  const all = await fetchPage(gateway, reader, "users", { first: 100 });
  const cursors = all.edges.map(({ cursor }) => cursor);
  for (const size of [{ first: 100 }, { last: 100 }]) {
    const between = { after: cursors[10], before: cursors[20] };
    const page = await fetchPage(gateway, reader, "users", { ...size, ...between });
    expect(page.nodes).toEqual(all.nodes.slice(11, 20));
  }
  const nothing = { first: 5, after: cursors[20], before: cursors[10] };
  const page = await fetchPage(gateway, reader, "users", nothing);
  expect(page.nodes).toEqual([]);
  expect(page.pageInfo).toMatchObject({ startCursor: null, endCursor: null, hasNextPage: false });
});

const IN_STATUS_OF = (classes: string, user: string) =>
  `EXISTS (SELECT 1 FROM presences now JOIN statuses s ON s.id = now.status_id
           WHERE now.user_id = ${user} AND s.class IN (${classes}))`;
const IN_GROUP = (user: string) =>
  `${user} IN (SELECT m.user_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE g.name = 'Load group 03')`;

async function groupId(): Promise<string> {
  const sql = `SELECT id FROM groups WHERE name = 'Load group 03'`;
  const [group]: { id: number }[] = await gateway.dataSource.query(sql);
  return toGlobalId("Group", group?.id ?? 0);
}

describe("filters of users", () => {
  it.each([
    [{ kind: "CUSTOMER" }, `u.kind = 'CUSTOMER'`],
    [{ active: false }, `NOT u.active`],
    [{ active: true, kind: "STAFF" }, `u.active AND u.kind = 'STAFF'`],
    [{ statusClass: ["AWAY"] }, IN_STATUS_OF("'AWAY'", "u.id")],
    [{ statusClass: ["AVAILABLE", "BUSY"] }, IN_STATUS_OF("'AVAILABLE', 'BUSY'", "u.id")],
    [{ statusClass: [] }, `false`],
    [{ livechatRole: "AGENT" }, `u.id IN (SELECT user_id FROM agents)`],
    [{ livechatRole: "MANAGER" }, `u.id IN (SELECT user_id FROM managers)`],
    [{ search: "meyer", active: true }, `lower(u.lastname) = 'meyer' AND u.active`],
    [{ kind: null, active: null, search: null, groupId: null, statusClass: null }, `true`],
  ] as const)(
    "users with the filter %j equal an independent SQL query",
    async (filter, condition) => {
      for (const [field, direction, order] of [
        ["USERNAME", "ASC", "lower(u.username)"],
        ["NAME", "DESC", BY_NAME("DESC")],
        ["CREATED_AT", "ASC", "u.created_at, u.id"],
      ]) {
        const sql = `${USERS} WHERE ${condition} ORDER BY ${order}`;
        const expected = await idsBySql("users", sql);
        await expectSameList("users", { filter, orderBy: { field, direction } }, expected, [6]);
      }
    },
  );

  it("users of a group equal an independent SQL query", async () => {
    const expected = await idsBySql(
      "users",
      `${USERS} WHERE ${IN_GROUP("u.id")} ORDER BY lower(u.username)`,
    );
    expect(expected.length).toBeGreaterThan(1);
    await expectSameList("users", { filter: { groupId: await groupId() } }, expected, [2]);
  });
});

const FREE = `(SELECT max_chats FROM user_settings s WHERE s.user_id = a.user_id) > (
  SELECT count(*) FROM reservations r WHERE r.user_id = a.user_id
  AND (r.state = 'ACCEPTED' OR r.state = 'HELD' AND r.expires_at > now()))`;

describe("filters of agents", () => {
  it.each([
    [{ availability: "NOT_AVAILABLE" }, `a.availability = 'NOT_AVAILABLE'`],
    [{ role: "AGENT" }, `true`],
    [{ role: "MANAGER" }, `a.user_id IN (SELECT user_id FROM managers)`],
    [{ hasFreeSlot: true }, FREE],
    [{ hasFreeSlot: false }, `NOT ${FREE}`],
    [{ statusClass: ["OFFLINE"] }, IN_STATUS_OF("'OFFLINE'", "a.user_id")],
    [{ search: "ÖDEGÅRD", hasFreeSlot: true }, `lower(u.lastname) = 'ödegård' AND ${FREE}`],
  ] as const)(
    "agents with the filter %j equal an independent SQL query",
    async (filter, condition) => {
      for (const [field, order] of [
        ["USERNAME", "lower(u.username)"],
        ["REGISTERED_AT", "a.registered_at, a.user_id"],
      ]) {
        const expected = await idsBySql("agents", `${AGENTS} WHERE ${condition} ORDER BY ${order}`);
        expect(expected.length).toBeGreaterThan(1);
        await expectSameList("agents", { filter, orderBy: { field } }, expected, [6]);
      }
    },
  );
});

describe("filters of presences", () => {
  const PRESENCES = `SELECT p.user_id AS id FROM presences p`;
  const LOCKED = `EXISTS (SELECT 1 FROM presence_claims c WHERE c.user_id = p.user_id AND c.kind = 'LOCK')`;
  it.each([
    [{ online: true }, `p.lease_until > now()`],
    [{ online: false }, `NOT coalesce(p.lease_until > now(), false)`],
    [{ locked: true }, LOCKED],
    [{ locked: false, online: true }, `NOT ${LOCKED} AND p.lease_until > now()`],
    [{ statusId: 3 }, `p.status_id = 3`],
    [{ statusClass: ["AWAY", "OFFLINE"] }, IN_STATUS_OF("'AWAY', 'OFFLINE'", "p.user_id")],
    [{ kind: "CUSTOMER" }, `(SELECT kind FROM users u WHERE u.id = p.user_id) = 'CUSTOMER'`],
    [{ userIds: ["VXNlcjoz", "VXNlcjo1", "VXNlcjo1", "nobody", ""] }, `p.user_id IN (3, 5)`],
  ] as const)(
    "presences with the filter %j equal an independent SQL query",
    async (filter, condition) => {
      const expected = await idsBySql(
        "presences",
        `${PRESENCES} WHERE ${condition} ORDER BY p.user_id`,
      );
      expect(expected.length).toBeGreaterThan(1);
      await expectSameList("presences", { filter }, expected, [6]);
    },
  );

  it("an unknown status and an empty list of ids match no presence", async () => {
    for (const filter of [{ statusId: 999 }, { userIds: [] }]) {
      await expectSameList("presences", { filter }, [], [5]);
    }
  });
});
