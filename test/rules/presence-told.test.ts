import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { storedPresence } from "./stored-presence.js";

const [AVAILABLE, BUSY, AWAY, OFFLINE] = [1, 2, 3, 4];
const LATER = new Date(Date.now() + 3_600_000).toISOString();
const MUCH_LATER = new Date(Date.now() + 7_200_000).toISOString();
const TICKETS = { module: "support", view: "list" };

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

type Call = readonly [mutation: string, input?: object];

async function call({ globalId }: User, [mutation, input]: Call): Promise<void> {
  granted(await mutate(gateway, admin, mutation, { user: { id: globalId }, ...input }));
}

interface Told {
  readonly at: string;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

interface Turns {
  readonly online: readonly boolean[];
  readonly locked: readonly boolean[];
}

async function payloadsOf({ globalId }: User): Promise<(Told & Turns)[]> {
  const events = await gateway.dataSource.query<{ payload: Told & Turns }[]>(
    `SELECT payload FROM events WHERE subject = $1 AND topic = 'presenceChanged' ORDER BY id`,
    [globalId],
  );
  return events.map(({ payload }) => payload);
}

const toldOf = async (user: User): Promise<Told[]> =>
  (await payloadsOf(user)).map(({ at, from, to, cause }) => ({ at, from, to, cause }));

async function givenAfter(calls: readonly Call[]): Promise<User> {
  const user = await givenUser(gateway);
  for (const one of calls) await call(user, one);
  return user;
}

const statusChangesOf = async ({ id }: User): Promise<number> => {
  const [row] = await gateway.dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int FROM status_changes WHERE user_id = $1`,
    [id],
  );
  return row?.count ?? 0;
};

const busy: Call = ["setStatus", { statusId: BUSY }];
const locked: Call = ["lockStatus", { statusId: BUSY }];
const alive: Call = ["heartbeat"];

it.each<[what: string, given: readonly Call[], Call, [from: number, to: number]]>([
  ["a lock on the same status", [busy], locked, [BUSY, BUSY]],
  [
    "another lock on the same status",
    [locked],
    ["lockStatus", { statusId: BUSY, reason: "review" }],
    [BUSY, BUSY],
  ],
  [
    "a lock with another end",
    [locked],
    ["lockStatus", { statusId: BUSY, until: LATER }],
    [BUSY, BUSY],
  ],
  ["a release to the same status", [busy, locked], ["unlockStatus"], [BUSY, BUSY]],
  ["a release to another status", [locked], ["unlockStatus"], [BUSY, OFFLINE]],
  [
    "another end of a choice",
    [busy],
    ["setStatus", { statusId: BUSY, until: LATER }],
    [BUSY, BUSY],
  ],
  [
    "another source of the same status",
    [alive],
    ["setStatus", { statusId: AVAILABLE }],
    [AVAILABLE, AVAILABLE],
  ],
  [
    "a report that ends later",
    [["reportExternalStatus", { source: "calendar", statusId: AWAY, until: LATER }]],
    ["reportExternalStatus", { source: "calendar", statusId: AWAY, until: MUCH_LATER }],
    [AWAY, AWAY],
  ],
  [
    "the telephone",
    [busy],
    ["reportTelephoneStatus", { telephoneStatus: "RINGING" }],
    [BUSY, BUSY],
  ],
  ["going online", [], alive, [OFFLINE, AVAILABLE]],
  ["going online below a choice", [busy], alive, [BUSY, BUSY]],
  [
    "another view",
    [alive, ["heartbeat", { lastView: TICKETS }]],
    ["heartbeat", { lastView: { ...TICKETS, target: "ticketid|1" } }],
    [AVAILABLE, AVAILABLE],
  ],
  [
    "deactivation below a lock",
    [["lockStatus", { statusId: OFFLINE }]],
    ["deactivateUser"],
    [OFFLINE, OFFLINE],
  ],
])(
  "%s is published once, with the status before and after",
  async (_, given, [mutation, input], [from, to]) => {
    const user = await givenAfter(given);
    const [before, changes] = [await toldOf(user), await statusChangesOf(user)];
    await call(user, [mutation, input]);
    const told = (await toldOf(user)).slice(before.length);
    expect(told).toEqual([{ at: expect.any(String) as string, from, to, cause: mutation }]);
    expect(await statusChangesOf(user)).toBe(changes + (from === to ? 0 : 1));
  },
);

it.each<[what: string, given: readonly Call[], Call]>([
  ["a heartbeat that renews the lease", [alive], alive],
  ["a heartbeat below a choice", [busy, alive], alive],
  [
    "a heartbeat with the same view",
    [["heartbeat", { lastView: TICKETS }]],
    ["heartbeat", { lastView: TICKETS }],
  ],
  ["the same choice again", [busy], busy],
  ["the same telephone status", [], ["reportTelephoneStatus", { telephoneStatus: "FREE" }]],
  [
    "a report below a choice",
    [busy],
    ["reportExternalStatus", { source: "calendar", statusId: AWAY, until: LATER }],
  ],
  ["a release without a lock", [busy], ["unlockStatus"]],
])("%s publishes nothing", async (_, given, one) => {
  const user = await givenAfter(given);
  const before = await toldOf(user);
  await call(user, one);
  await gateway.services.presence.writeHeartbeats();
  expect(await toldOf(user)).toEqual(before);
});

/** Sets the end of one kind of claim, or of the lease with its planned step, to a second ago. */
async function letEnd({ id }: User, what: "lease" | "MANUAL" | "EXTERNAL"): Promise<Date> {
  const statement =
    what === "lease"
      ? `UPDATE presences SET lease_until = $2::timestamptz,
           changes_at = CASE source WHEN 'CONNECTION' THEN $2::timestamptz ELSE changes_at END,
           plan = CASE source WHEN 'CONNECTION' THEN jsonb_build_array(
             plan->0 || jsonb_build_object('at', $2::timestamptz, 'since', $2::timestamptz)) ELSE plan END
         WHERE user_id = $1`
      : `UPDATE presence_claims SET until = $2 WHERE user_id = $1 AND kind = '${what}' AND until IS NOT NULL`;
  const end = new Date(Date.now() - 1000);
  await gateway.dataSource.query(statement, [id, end]);
  return end;
}

const isSettled = async (user: User): Promise<void> => {
  await gateway.services.presence.expireDue();
  const { presence, claims } = (await storedPresence(gateway, user)) as {
    presence: { lease_until: string | null };
    claims: { until: string | null }[] | null;
  };
  const ends = [presence.lease_until, ...(claims ?? []).map(({ until }) => until)];
  expect(ends.filter((end) => end !== null && new Date(end) <= new Date())).toEqual([]);
};

const pause: Call = ["setStatus", { statusId: AWAY, until: LATER }];

it.each<[what: string, given: readonly Call[], Parameters<typeof letEnd>[1], status: number]>([
  ["going offline below a choice", [busy, alive], "lease", BUSY],
  ["going offline below a lock", [locked, alive], "lease", BUSY],
  ["the end of a choice below a lock", [pause, locked], "MANUAL", BUSY],
])(
  "%s is published once by the sweepers, without a status change",
  async (_, given, what, status) => {
    const user = await givenAfter(given);
    const [before, changes] = [await toldOf(user), await statusChangesOf(user)];
    const end = await letEnd(user, what);
    await eventually(() => isSettled(user));
    await gateway.services.presence.expireDue();
    expect((await toldOf(user)).slice(before.length)).toEqual([
      { at: end.toISOString(), from: status, to: status, cause: "expired" },
    ]);
    expect(await statusChangesOf(user)).toBe(changes);
  },
);

it("an event holds online and locked before and after the change", async () => {
  const user = await givenAfter([alive, locked, locked, ["unlockStatus"]]);
  await letEnd(user, "lease");
  await eventually(() => isSettled(user));
  const turns = (await payloadsOf(user)).map(({ online, locked: lock }) => [online, lock]);
  expect(turns).toEqual([
    [
      [false, true],
      [false, false],
    ],
    [
      [true, true],
      [false, true],
    ],
    [
      [true, true],
      [true, true],
    ],
    [
      [true, true],
      [true, false],
    ],
    [
      [true, false],
      [false, false],
    ],
  ]);
});

it.each<[what: string, given: readonly Call[], Parameters<typeof letEnd>[1]]>([
  [
    "a report below a choice",
    [busy, ["reportExternalStatus", { source: "calendar", statusId: AWAY, until: LATER }]],
    "EXTERNAL",
  ],
  [
    "a choice over the same choice below a lock",
    [busy, ["setStatus", { statusId: BUSY, until: LATER }], locked],
    "MANUAL",
  ],
])("the end of %s is not visible and is not published", async (_, given, what) => {
  const user = await givenAfter(given);
  const before = await toldOf(user);
  await letEnd(user, what);
  await eventually(() => isSettled(user));
  expect(await toldOf(user)).toEqual(before);
});
