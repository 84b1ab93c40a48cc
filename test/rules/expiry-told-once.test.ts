import { seedLoad } from "../../src/demo/load/seed-load.js";
import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { standstillDuring } from "../support/standstill.js";
import { mutate } from "./graphql-client-calls.js";

const BUSY = 2;
const PAUSE = 5;
const MAX_DELAY_MS = 1000;

/** Enough time for the statements that set the ends. */
const NOTICE_MS = 500;

const actor = system("given");
const farAway = new Date(Date.now() + 3_600_000);

let first: TestGateway;
let second: SecondGateway;
let secret: string;

beforeAll(async () => {
  first = await startTestGateway();
  second = await startSecondGateway(first);
  secret = await first.givenKey("USER_READ", "USER_CUD");
});
afterAll(async () => {
  await second.stop();
  await first.stop();
});

/** Busy users whose connection expires under the busy status, or whose pause expires over it. */
async function givenPeople(count: number, what: "pause" | "connection"): Promise<User[]> {
  const { presence } = first.services;
  const people = await Promise.all(Array.from({ length: count }, () => givenUser(first)));
  await Promise.all(
    people.map(async ({ globalId }) => {
      const user = { id: globalId };
      await presence.setStatus(actor, { user, statusId: BUSY });
      if (what === "connection") await presence.heartbeat(actor, { user });
      else await presence.setStatus(actor, { user, statusId: PAUSE, until: farAway });
    }),
  );
  return people;
}

/** Sets every end of these users to this many milliseconds after the first. @returns the first end */
async function letEnd(
  people: readonly User[],
  millisecondsOf: (i: number) => number = () => 0,
): Promise<Date> {
  const firstEnd = Date.now() + NOTICE_MS;
  const ends = people.map((_, i) => new Date(firstEnd + millisecondsOf(i)).toISOString());
  const values = [people.map(({ id }) => id), ends];
  const given = `unnest($1::int[], $2::text[]) AS e(user_id, ends)`;
  await first.dataSource.transaction(async (manager) => {
    await manager.query(
      `UPDATE presences p SET lease_until = CASE WHEN lease_until IS NOT NULL THEN ends::timestamptz END,
         changes_at = CASE WHEN changes_at IS NOT NULL THEN ends::timestamptz END,
         plan = CASE WHEN changes_at IS NULL THEN plan ELSE
           jsonb_set(jsonb_set(plan, '{0,at}', to_jsonb(ends)), '{0,since}', to_jsonb(ends)) END
       FROM ${given} WHERE p.user_id = e.user_id`,
      values,
    );
    await manager.query(
      `UPDATE presence_claims c SET until = ends::timestamptz
       FROM ${given} WHERE c.user_id = e.user_id AND until IS NOT NULL`,
      values,
    );
  });
  return new Date(firstEnd);
}

const isOver = (end: Date) => first.dataSource.query(`SELECT pg_sleep_until($1)`, [end]);

interface Told {
  readonly changes: number;
  readonly events: number;
  readonly lateByMs: number;
}

/** For each user, the number of recorded and emitted expiries, and their delay. */
const tellings = (people: readonly User[]): Promise<Told[]> =>
  first.dataSource.query<Told[]>(
    `SELECT (SELECT count(*)::int FROM status_changes WHERE user_id = u.id AND cause = 'expired') AS changes,
            count(e)::int AS events,
            max(1000 * extract(epoch FROM e.created_at - (e.payload->>'at')::timestamptz))::float AS "lateByMs"
     FROM unnest($1::int[], $2::text[]) AS u(id, global_id)
     LEFT JOIN events e ON e.subject = u.global_id AND e.topic = 'presenceChanged' AND e.payload->>'cause' = 'expired'
     GROUP BY u.id`,
    [people.map(({ id }) => id), people.map(({ globalId }) => globalId)],
  );

const once = (people: readonly User[], changes: 0 | 1) =>
  people.map(() => ({ changes, events: 1, lateByMs: expect.any(Number) as number }));

const sweepEverywhere = () =>
  Promise.all([first, second, first, second].map(({ services }) => services.presence.expireDue()));

const areTold = (people: readonly User[]) =>
  eventually(async () =>
    expect((await tellings(people)).filter(({ events }) => events === 0)).toEqual([]),
  );

it("each expiry is published exactly once by concurrent sweepers", async () => {
  const paused = await givenPeople(20, "pause");
  const connected = await givenPeople(20, "connection");
  const people = [...paused, ...connected];
  await isOver(await letEnd(people));
  await sweepEverywhere();
  await areTold(people);
  await sweepEverywhere();
  expect(await tellings(paused)).toEqual(once(paused, 1));
  // A busy user whose connection expires stays busy.
  expect(await tellings(connected)).toEqual(once(connected, 0));
});

it("an expiry is published once when the status changes at the same moment", async () => {
  const people = await givenPeople(10, "pause");
  await isOver(await letEnd(people));
  const changes = people.map(({ globalId }) =>
    mutate(first, secret, "setStatus", { user: { id: globalId }, statusId: BUSY }),
  );
  await Promise.all([sweepEverywhere(), ...changes, sweepEverywhere()]);
  expect(await tellings(people)).toEqual(once(people, 1));
});

it("the sweepers publish every expiry within a second, without a request", async () => {
  const people = [...(await givenPeople(5, "pause")), ...(await givenPeople(5, "connection"))];
  const standstill = await standstillDuring(first.dataSource, async () => {
    await letEnd(people, (i) => 200 * (i % 5));
    await areTold(people);
  });
  for (const { lateByMs } of await tellings(people)) {
    expect(lateByMs).toBeLessThan(MAX_DELAY_MS + standstill);
  }
});

it("expiries that another process has locked do not block a sweeper from the others", async () => {
  // The locked users exceed the batch of a sweeper, and all of them come before the free ones.
  const [held, free] = [550, 20];
  await seedLoad(first.dataSource, { users: held + free, agents: 1 });
  const [{ start }] = await first.dataSource.query<[{ start: number }]>(
    `SELECT min(id) AS start FROM users WHERE username LIKE 'load%'`,
  );
  const runner = first.dataSource.createQueryRunner();
  await runner.startTransaction();
  // Sweepers skip the locked rows, and the times can still be changed.
  await runner.query(
    `SELECT FROM presences WHERE user_id BETWEEN $1 AND $1 + $2 - 1 FOR KEY SHARE`,
    [start, held],
  );
  await first.dataSource.query(
    `UPDATE presences SET lease_until = now() - interval '1 second' + make_interval(secs => (user_id - $1) / 10000.0)
     WHERE user_id >= $1`,
    [start],
  );
  const leases = async (): Promise<number> => {
    const [row] = await first.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int FROM presences WHERE user_id >= $1 AND lease_until IS NOT NULL`,
      [start],
    );
    return row?.count ?? 0;
  };
  await eventually(async () => expect(await leases()).toBe(held));
  await runner.rollbackTransaction();
  await runner.release();
  await eventually(async () => expect(await leases()).toBe(0));
});
