import { setTimeout as sleep } from "node:timers/promises";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { granted, mutate } from "./graphql-door.js";

const BUSY = 2;
const PAUSE = 5;
const MAX_DELAY_MS = 1000;

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

/** Busy people who take a pause, each for so many milliseconds beyond what starting the pauses may take. */
async function givenPauses(
  count: number,
  millisecondsOf: (i: number) => number = () => 0,
): Promise<{ people: User[]; firstEnd: number }> {
  const people = await Promise.all(Array.from({ length: count }, () => givenUser(first)));
  const set = async ({ globalId }: User, input: object) =>
    granted(await mutate(first, secret, "setStatus", { user: { id: globalId }, ...input }));
  const start = Date.now();
  await Promise.all(people.map((user) => set(user, { statusId: BUSY })));
  const now = Date.now();
  const firstEnd = now + 500 + 3 * (now - start);
  const untilOf = (i: number) => new Date(firstEnd + millisecondsOf(i));
  await Promise.all(people.map((user, i) => set(user, { statusId: PAUSE, until: untilOf(i) })));
  return { people, firstEnd };
}

interface Told {
  readonly changes: number;
  readonly events: number;
  readonly lateByMs: number;
}

/** How often the end of each person's pause was told, in the history and to subscribers, and how late. */
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

const sweepEverywhere = () =>
  Promise.all([first, second, first, second].map(({ services }) => services.presence.settleDue()));

it("each end is told exactly once, however many sweep at the same time", async () => {
  const { people, firstEnd } = await givenPauses(30);
  await sleep(firstEnd - Date.now());
  await eventually(async () => {
    await sweepEverywhere();
    expect((await tellings(people)).filter(({ changes }) => changes === 0)).toEqual([]);
  });
  await sweepEverywhere();
  expect(await tellings(people)).toEqual(
    people.map(() => ({ changes: 1, events: 1, lateByMs: expect.any(Number) as number })),
  );
});

it("an end is told once also when somebody changes the status at that very moment", async () => {
  const { people, firstEnd } = await givenPauses(10);
  await sleep(firstEnd - Date.now());
  const changes = people.map(({ globalId }) =>
    mutate(first, secret, "setStatus", { user: { id: globalId }, statusId: BUSY }),
  );
  await Promise.all([sweepEverywhere(), ...changes, sweepEverywhere()]);
  expect(await tellings(people)).toEqual(
    people.map(() => ({ changes: 1, events: 1, lateByMs: expect.any(Number) as number })),
  );
});

it("the sweepers tell of every end within a second, without anybody asking", async () => {
  const { people, firstEnd } = await givenPauses(10, (i) => 100 * i);
  await sleep(firstEnd - Date.now());
  await eventually(async () => {
    expect((await tellings(people)).filter(({ events }) => events !== 1)).toEqual([]);
  });
  for (const { lateByMs } of await tellings(people)) expect(lateByMs).toBeLessThan(MAX_DELAY_MS);
});
