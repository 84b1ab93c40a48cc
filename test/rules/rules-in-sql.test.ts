import fc from "fast-check";
import type { DataSource } from "typeorm";
import { loadConfig } from "../../src/config/schema.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { displayNameOf } from "../../src/domain/display-name.js";
import { isUnexpired } from "../../src/domain/presence.js";
import { byPreference, freeSlots } from "../../src/domain/reservation.js";
import { type StatusClass, statusClasses } from "../../src/domain/vocabulary.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import {
  hasFreeSlot,
  openSlots,
  selectCapacities,
} from "../../src/services/agents/capacity-sql.js";
import { createServices, type Services } from "../../src/services/index.js";
import * as presenceSql from "../../src/services/presence/presence-sql.js";
import { MAX_DAYS, timeInStatus } from "../../src/services/presence/time-in-status-sql.js";
import {
  selectCounted,
  selectCountedInGroup,
  selectCountedMembers,
  selectDue,
} from "../../src/services/reservations/next-available-sql.js";
import * as reservationSql from "../../src/services/reservations/reservation-sql.js";
import { inStatus, presences, users } from "../../src/services/users/user-conditions.js";
import { displayName } from "../../src/services/users/user-sql.js";
import { LAST_MOMENT } from "../domain/presence-arbitraries.js";
import { createWorkerDatabase } from "../support/database.js";
import { ExpectedUsers, hoursInStatus, type Statuses } from "./expected-users.js";
import {
  type GeneratedUser,
  HOUR_MS,
  lockOf,
  timeline,
  usersAt,
  usersAtMoment,
} from "./generated-users.js";
import { listings, type Listing, lookups, sweeps } from "./reads-of-users.js";
import { GROUP_ID, writeUsers } from "./write-users.js";

// Shrinking a counterexample takes longer than all runs.
jest.setTimeout(240_000);

const IDS = Array.from({ length: 15 }, (_, i) => i + 1);

let dataSource: DataSource;
let services: Services;
let statuses: Statuses;

beforeAll(async () => {
  const url = await createWorkerDatabase();
  dataSource = createDataSource({ url, poolMax: 3, statementTimeoutMs: 40_000 });
  await dataSource.initialize();
  // Without a gateway no sweeper runs: the rows stay as they are written.
  const config = loadConfig({ NODE_ENV: "test", DATABASE_URL: url });
  services = createServices(dataSource, config, createLogger("silent"));
  const rows = await dataSource.query<{ id: number; name: string; class: StatusClass }[]>(
    `SELECT id, name, class FROM statuses`,
  );
  statuses = new Map(rows.map((row) => [row.id, row]));
});
afterAll(() => dataSource.destroy());

type Compare = (expected: ExpectedUsers, timeOf: (moment: number) => Date) => Promise<void>;

/** @param beforeMs the milliseconds by which the rules are applied before the time of the database */
const holds = (compare: Compare, numRuns: number, beforeMs: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(usersAtMoment(IDS.length), async (generated) => {
      const [row] = await dataSource.query<[{ at: Date }]>(`SELECT now() AS at`);
      const now = new Date(row.at.getTime() - beforeMs);
      const timeOf = timeline(generated, now);
      const written = usersAt(generated, now, IDS);
      await writeUsers(dataSource, written, timeOf(-1));
      await compare(new ExpectedUsers(written, now, statuses), timeOf);
    }),
    // A mutant needs no small counterexample.
    { numRuns, endOnFailure: process.env.MUTANT !== undefined },
  );

it("every SQL fragment gives at any time what the rule of the domain gives", () =>
  holds(
    async (expected, timeOf) => {
      const now = `timestamptz '${expected.now.toISOString()}'`;
      await expectConditions(expected, now);
      await expectValues(expected, now);
      await expectStatusFilters(expected, now);
      await expectCandidates(expected, now);
      await expectTimes(expected, now, timeOf);
    },
    40,
    0,
  ));

const FROM = "FROM users u JOIN presences p ON p.user_id = u.id";

async function selectIds(sql: string): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(sql);
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

async function expectConditions(expected: ExpectedUsers, now: string): Promise<void> {
  const { idsOf, hasDueStep, isOnline } = expected;
  const conditions = {
    [presenceSql.hasDueStep("p", now)]: hasDueStep,
    [presenceSql.hasNoDueStep("p", now)]: (user: GeneratedUser) => !hasDueStep(user),
    [presenceSql.isOnline("p", now)]: isOnline,
    [presenceSql.isOffline("p", now)]: (user: GeneratedUser) => !isOnline(user),
    [`EXISTS (SELECT FROM presence_claims c WHERE c.user_id = u.id AND ${presenceSql.isActiveLock("c", now)})`]:
      (user: GeneratedUser) => lockOf(user, expected.now) !== null,
    [`EXISTS (SELECT FROM reservations r WHERE r.user_id = u.id AND ${reservationSql.isExpiredHold("r", now)})`]:
      (user: GeneratedUser) => expected.expiriesOf(user).length > 0,
    [presenceSql.hasEndedLease("p", now)]: (user: GeneratedUser) =>
      user.lease !== null && !isOnline(user),
    [`EXISTS (SELECT FROM presence_claims c WHERE c.user_id = u.id AND ${presenceSql.isEndedClaim("c", now)})`]:
      (user: GeneratedUser) => user.claims.some((claim) => !isUnexpired(claim, expected.now)),
    [hasFreeSlot("u.id", now)]: (user: GeneratedUser) => freeSlots(expected.capacityOf(user)) > 0,
  };
  for (const [sql, fits] of Object.entries(conditions)) {
    const found = await selectIds(`SELECT u.id ${FROM} WHERE ${sql}`);
    expect([sql, found]).toEqual([sql, idsOf(fits)]);
  }
}

async function expectValues(expected: ExpectedUsers, now: string): Promise<void> {
  const values = await dataSource.query<object[]>(
    `SELECT u.id, ${displayName("u")} AS name, ${presenceSql.statusIdInEffect("p", now)} AS "statusId",
            ${presenceSql.inEffectSince("p", now)} AS since, ${openSlots("u.id", now)} AS "openSlots"
     ${FROM} ORDER BY u.id`,
  );
  expect(values).toEqual(
    expected.users.map((user) => {
      const { statusId, since } = expected.presenceOf(user);
      const openSlots = expected.openSlotsOf(user);
      return { id: user.id, name: displayNameOf(user), statusId, since, openSlots };
    }),
  );
  const capacities = await dataSource.query(`${selectCapacities(now)} ORDER BY u.id`, [IDS]);
  expect(capacities).toEqual(expected.users.map(expected.capacityOf));
}

/** Each status and each class, as a condition of a row and as the rows that an index leads to. */
async function expectStatusFilters(expected: ExpectedUsers, now: string): Promise<void> {
  const { idsOf, statusOf, classOf } = expected;
  const arrays = new Map([
    ...[1, 2, 3, 4, 5].map(
      (id) => [`ARRAY[${id}]`, idsOf((user) => statusOf(user) === id)] as const,
    ),
    ...statusClasses.map(
      (name) =>
        [
          `(ARRAY(SELECT id FROM statuses WHERE class = '${name}'))`,
          idsOf((user) => classOf(user) === name),
        ] as const,
    ),
  ]);
  for (const [array, ids] of arrays) {
    const ofUsers = inStatus(array, users, now);
    const ofPresences = inStatus(array, presences, now);
    const all = ofUsers.candidates?.ids() ?? "";
    const found = await Promise.all([
      selectIds(`SELECT u.id FROM users u WHERE ${ofUsers.exists}`),
      selectIds(`SELECT p.user_id AS id FROM presences p WHERE ${ofPresences.exists}`),
      selectIds(all),
    ]);
    expect([array, ...found]).toEqual([array, ids, ids, ids]);
    const few = await selectIds(ofUsers.candidates?.ids(1) ?? "");
    expect([array, ids]).toEqual([array, expect.arrayContaining(few)]);
  }
}

async function expectCandidates(expected: ExpectedUsers, now: string): Promise<void> {
  const { users, hasDueStep, classOf } = expected;
  const isDue = (user: GeneratedUser) =>
    (user.openSlots > 0 && hasDueStep(user)) || expected.expiriesOf(user).length > 0;
  for (const group of [null, GROUP_ID]) {
    const due = await dataSource.query<{ userId: number }[]>(selectDue(now), [group]);
    expect(due.map(({ userId }) => userId).sort((a, b) => a - b)).toEqual(
      expected.idsOf((user) => isDue(user) && (group === null || user.isMember)),
    );
  }

  const counted = users
    .filter((user) => user.openSlots > 0 && !hasDueStep(user) && classOf(user) === "AVAILABLE")
    .map(({ id: userId, openSlots: slots, lastReservationAt, presence }) => {
      const idleSince = lastReservationAt ?? presence.since;
      return { userId, slots, idleSince, isDue: false };
    })
    .sort(byPreference);
  const isMember = ({ userId }: { userId: number }) =>
    users.some(({ id, isMember }) => id === userId && isMember);
  const first = counted.slice(0, 3);
  const inGroup = [GROUP_ID];
  expect(await dataSource.query(selectCounted(3, now))).toEqual(first);
  expect(
    (await dataSource.query<typeof counted>(selectCountedInGroup(3, now), inGroup)).sort(
      byPreference,
    ),
  ).toEqual(first.filter(isMember));
  expect(await dataSource.query(selectCountedMembers(3, now), inGroup)).toEqual(
    counted.filter(isMember).slice(0, 3),
  );
}

async function expectTimes(
  { users, now }: ExpectedUsers,
  sqlNow: string,
  timeOf: (moment: number) => Date,
): Promise<void> {
  const ranges: [Date, Date | null][] = [
    [timeOf(-3), null],
    [timeOf(-3), timeOf(10)],
    [timeOf(7), timeOf(LAST_MOMENT + 3)],
    // Many steps are due by then.
    [new Date(now.getTime() - HOUR_MS), null],
  ];
  for (const [since, until] of ranges) {
    // The users are created at moment -1.
    const hours = Array.from({ length: LAST_MOMENT + 2 }, (_, i) => timeOf(i - 1)).filter(
      (hour) => hour >= since && hour < now && (until === null || hour < until),
    );
    const rows = await dataSource.query<object[]>(timeInStatus(sqlNow), [IDS, since, until]);
    const expected = users.flatMap((user) =>
      [...hoursInStatus(user, hours)]
        .sort(([a], [b]) => a - b)
        .map(([statusId, count]) => ({
          userId: user.id,
          statusId,
          seconds: count * 3600,
          isTooLong: false,
        })),
    );
    expect([since, until, rows]).toEqual([since, until, expected]);
  }
}

it("every list, lookup and sweep gives at the time of the database what the rule of the domain gives", () =>
  holds(
    async (expected, timeOf) => {
      for (const [name, { list, fits }] of Object.entries<Listing>(
        listings(services, expected, timeOf),
      )) {
        const found = [...(await list())].sort((a, b) => a - b);
        expect([name, found]).toEqual([name, expected.idsOf(fits)]);
      }
      for (const [name, { found, wanted }] of Object.entries(
        await lookups(services, expected, timeOf),
      )) {
        expect([name, found]).toEqual([name, wanted]);
      }
      for (const [name, { found, wanted }] of Object.entries(
        await sweeps(services, dataSource, expected),
      )) {
        expect([name, found]).toEqual([name, wanted]);
      }
    },
    25,
    HOUR_MS / 2,
  ));

it("time in status is computed for a range of at most 366 days", async () => {
  const longAgo = new Date("2020-01-01T00:00:00Z");
  const since = new Date("2030-01-01T00:00:00Z");
  const end = new Date(since.getTime() + MAX_DAYS * 24 * HOUR_MS);
  const ask = (until: Date) =>
    dataSource.query<object[]>(timeInStatus("timestamptz '2040-01-01'"), [IDS, since, until]);
  for (const generated of fc.sample(usersAtMoment(1), 1)) {
    await writeUsers(dataSource, usersAt(generated, longAgo, IDS), longAgo);
  }
  const longest = await ask(end);
  // The user's plan is over by then.
  expect(longest).toContainEqual(
    expect.objectContaining({ userId: 1, seconds: MAX_DAYS * 86_400 }),
  );
  expect(longest).not.toContainEqual(expect.objectContaining({ isTooLong: true }));
  expect(await ask(new Date(end.getTime() + 1))).toEqual([
    { userId: 0, statusId: 0, seconds: 0, isTooLong: true },
  ]);
});
