import type { QueryRunner } from "typeorm";
import { fromGlobalId, toGlobalId } from "../../src/domain/global-id.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { letEnd } from "../support/let-end.js";
import { codeOf, dataOf } from "./answers.js";
import { givenPerson, type Person } from "./given.js";

const HOUR_MS = 3_600_000;
const [AVAILABLE, BUSY, AWAY, OFFLINE] = [1, 2, 3, 4];

let gateway: TestGateway;
let admin: string;
/** When the lock ended. */
let lockEnd: string;
/** Holds the rows, so that no sweeper can settle them. */
let holder: QueryRunner;
const people: Record<string, Person> = {};

/**
 * Every user has something that expires. The rows stay locked from before the expiry until the last test. Sweepers skip
 * locked rows, so all reads in between see unsettled rows.
 */
beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  admin = await gateway.givenKey("ADMIN");
  for (const name of [
    "choice",
    "choiceOverChoice",
    "lock",
    "report",
    "lease",
    "twoSteps",
    "lasting",
  ])
    people[name] = await givenPerson(gateway, admin, { username: name });
  await gateway.ask(
    admin,
    `mutation { registerAgent(input: { user: { username: "choice" }, role: AGENT }) { __typename } }`,
  );
  const soon = new Date(Date.now() + HOUR_MS).toISOString();
  const later = new Date(Date.now() + 3 * HOUR_MS).toISOString();

  await change("setStatus", "choiceOverChoice", { statusId: BUSY });
  await change("setStatus", "lock", { statusId: AVAILABLE });
  await change("setStatus", "twoSteps", { statusId: BUSY, until: later });
  await Promise.all([
    change("setStatus", "choice", { statusId: AWAY, until: soon }),
    change("setStatus", "choiceOverChoice", { statusId: AWAY, until: soon }),
    change("lockStatus", "lock", { statusId: BUSY, until: soon, reason: "review" }),
    change("lockStatus", "twoSteps", { statusId: AWAY, until: soon }),
    change("reportExternalStatus", "report", { source: "calendar", statusId: BUSY, until: soon }),
    change("setStatus", "lasting", { statusId: AWAY, until: later }),
    change("heartbeat", "lease", {}),
  ]);

  holder = gateway.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`SELECT FROM presences FOR KEY SHARE`);
  for (const [name, { id }] of Object.entries(people)) {
    if (name === "lasting") continue;
    const end = await letEnd(gateway, { id: Number(fromGlobalId(id)?.key) });
    if (name === "lock") lockEnd = end;
  }
});
afterAll(async () => {
  await holder.rollbackTransaction();
  await holder.release();
  await gateway.stop();
});

async function change(mutation: string, username: string, input: object): Promise<void> {
  const type = mutation.replace(/^./, (letter) => letter.toUpperCase());
  const answer = await gateway.ask(
    admin,
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename } }`,
    { input: { user: { username }, ...input } },
  );
  expect(codeOf(answer)).toBe("OK");
}

/** The users of a status class, which each of the lists must return. */
async function whoIs(statusClass: string): Promise<string[]> {
  const answer = await gateway.ask(
    admin,
    `query ($class: [StatusClass!]) {
       users(filter: { statusClass: $class }) { totalCount nodes { username presence { status { class } } } }
       presences(filter: { statusClass: $class }) { totalCount nodes { status { class } user { username } } }
       agents(filter: { statusClass: $class }) { totalCount nodes { user { username } } }
     }`,
    { class: [statusClass] },
  );
  interface Found {
    users: { totalCount: number; nodes: { username: string; presence: Shown }[] };
    presences: { totalCount: number; nodes: (Shown & { user: { username: string } })[] };
    agents: { totalCount: number; nodes: { user: { username: string } }[] };
  }
  interface Shown {
    readonly status: { class: string };
  }
  const { users, presences, agents } = dataOf<Found>(answer);
  const found = users.nodes.map(({ username }) => username).sort();
  expect(presences.nodes.map(({ user }) => user.username).sort()).toEqual(found);
  expect([users.totalCount, presences.totalCount]).toEqual([found.length, found.length]);
  const shown = [...users.nodes.map(({ presence }) => presence), ...presences.nodes];
  expect(new Set(shown.map(({ status }) => status.class))).toEqual(
    new Set(found.length > 0 ? [statusClass] : []),
  );
  const isAgentThere = found.includes("choice");
  expect(agents.nodes.map(({ user }) => user.username)).toEqual(isAgentThere ? ["choice"] : []);
  expect(agents.totalCount).toBe(agents.nodes.length);
  return found;
}

it("lists by status class are right immediately after an expiry", async () => {
  expect({
    AVAILABLE: await whoIs("AVAILABLE"),
    BUSY: await whoIs("BUSY"),
    AWAY: await whoIs("AWAY"),
    OFFLINE: await whoIs("OFFLINE"),
  }).toEqual({
    AVAILABLE: ["lock"],
    BUSY: ["choiceOverChoice", "twoSteps"],
    AWAY: ["lasting"],
    OFFLINE: ["choice", "lease", "report"],
  });
});

it.each([
  [AVAILABLE, ["lock"]],
  [BUSY, ["choiceOverChoice", "twoSteps"]],
  [AWAY, ["lasting"]],
  [OFFLINE, ["choice", "lease", "report"]],
])("the list by status %i is right immediately after an expiry", async (statusId, expected) => {
  const answer = await gateway.ask(
    admin,
    `query ($id: Int) { presences(filter: { statusId: $id }) { nodes { status { id } user { username } } } }`,
    { id: statusId },
  );
  const { nodes } = dataOf<{
    presences: { nodes: { status: { id: number }; user: { username: string } }[] };
  }>(answer).presences;
  expect(nodes.map(({ user }) => user.username).sort()).toEqual(expected);
  expect(nodes.every(({ status }) => status.id === statusId)).toBe(true);
});

it.each([
  ["locked", { locked: true }, []],
  ["online", { online: true }, []],
])("the list of %s users is right immediately after an expiry", async (_, filter, expected) => {
  const answer = await gateway.ask(
    admin,
    `query ($filter: PresenceFilter) { presences(filter: $filter) { nodes { user { username } } } }`,
    { filter },
  );
  const { nodes } = dataOf<{ presences: { nodes: unknown[] } }>(answer).presences;
  expect(nodes).toEqual(expected);
});

it("each presence is right immediately after an expiry, by every path", async () => {
  const shown = `id status { id } source since until online lock { reason } configuredStatus { id }`;
  const { id } = people.lock as Person;
  const presenceId = toGlobalId("Presence", fromGlobalId(id)?.key ?? "");
  const answer = await gateway.ask(
    admin,
    `query ($id: ID!, $ids: [ID!]) {
       user(by: { username: "lock" }) { presence { ${shown} } }
       presences(filter: { userIds: $ids }) { nodes { ${shown} } }
       node(id: $id) { ... on Presence { ${shown} } }
     }`,
    { id: presenceId, ids: [id] },
  );
  const presence = {
    id: presenceId,
    status: { id: AVAILABLE },
    source: "MANUAL",
    since: lockEnd,
    until: null,
    online: false,
    lock: null,
    configuredStatus: { id: AVAILABLE },
  };
  expect(answer.data).toEqual({
    user: { presence },
    presences: { nodes: [presence] },
    node: presence,
  });
});

it("no sweeper has written an expiry during these tests", async () => {
  const settled: unknown[] = await gateway.dataSource.query(
    `SELECT 1 FROM status_changes WHERE cause = 'expired'`,
  );
  expect(settled).toEqual([]);
  const due: unknown[] = await gateway.dataSource.query(
    `SELECT 1 FROM presences WHERE changes_at <= now()`,
  );
  expect(due).toHaveLength(6);
});
