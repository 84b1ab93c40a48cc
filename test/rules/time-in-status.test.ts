import fc from "fast-check";
import { OFFLINE_STATUS_ID } from "../../src/domain/status.js";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { letEnd } from "../support/let-end.js";

const [BUSY, AWAY] = [2, 3];

/** Every generated past begins here and lasts this many seconds. */
const START = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
const SECONDS = 120;
const at = (second: number) => new Date(START + 1000 * second).toISOString();

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

interface Range {
  readonly since: string;
  readonly until?: string;
}
type Times = readonly { readonly seconds: number; readonly status: { readonly id: number } }[];

const askTimes = ({ globalId }: User, range: Range, by = secret) =>
  gateway.ask(
    by,
    `query ($id: ID!, $since: DateTime!, $until: DateTime) { user(by: { id: $id }) {
       timeInStatus(since: $since, until: $until) { seconds status { id } } } }`,
    { id: globalId, ...range },
  );

/** The seconds in each status of one user. */
async function timesOf(user: User, range: Range): Promise<Record<number, number>> {
  const { timeInStatus } = granted<{ timeInStatus: Times }>(await askTimes(user, range));
  return Object.fromEntries(timeInStatus.map(({ status, seconds }) => [status.id, seconds]));
}

const second = fc.integer({ min: 0, max: SECONDS });

/** The creation of a user, and the later changes of the status. */
const past = fc.record({
  from: second,
  changes: fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 30 }), to: fc.integer({ min: 1, max: 3 }) }),
    {
      maxLength: 8,
    },
  ),
});

interface Past {
  readonly user: User;
  readonly from: number;
  readonly changes: readonly { readonly second: number; readonly to: number }[];
}

async function givenPasts(count: number): Promise<Past[]> {
  const pasts: Past[] = [];
  for (const { from, changes } of fc.sample(past, count)) {
    const user = await givenUser(gateway);
    let now = from;
    const steps = changes.map(({ wait, to }) => ({ second: (now += wait), to }));
    pasts.push({ user, from, changes: steps });
  }
  await gateway.dataSource.query(
    `UPDATE users u SET created_at = p.at FROM unnest($1::int[], $2::timestamptz[]) AS p(id, at) WHERE u.id = p.id`,
    [pasts.map(({ user }) => user.id), pasts.map(({ from }) => at(from))],
  );
  const rows = pasts.flatMap(({ user, changes }) =>
    changes.map(({ second, to }, i) => ({
      userId: user.id,
      at: at(second),
      from: changes[i - 1]?.to ?? OFFLINE_STATUS_ID,
      to,
    })),
  );
  await gateway.dataSource.query(
    `INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door)
     SELECT "userId", at, "from", "to", 'MANUAL', 'setStatus', 'test', 'SYSTEM'
     FROM jsonb_to_recordset($1::jsonb) AS r("userId" int, at timestamptz, "from" int, "to" int)`,
    [JSON.stringify(rows)],
  );
  return pasts;
}

/** The seconds in each status, counted one by one. */
function counted({ from, changes }: Past, since: number, until: number): Record<number, number> {
  const times: Record<number, number> = {};
  for (let now = Math.max(since, from); now < until; now += 1) {
    const status = changes.filter((change) => change.second <= now).at(-1)?.to ?? OFFLINE_STATUS_ID;
    times[status] = (times[status] ?? 0) + 1;
  }
  return times;
}

it("time in status equals a count second by second for any history and range", async () => {
  const pasts = await givenPasts(40);
  const ranges = fc.tuple(second, fc.integer({ min: 1, max: SECONDS }));
  for (const [since, length] of fc.sample(ranges, 15)) {
    const fields = pasts.map(
      ({ user }, i) =>
        `p${i}: user(by: { id: "${user.globalId}" }) { timeInStatus(since: "${at(since)}", until: "${at(since + length)}") { seconds status { id } } }`,
    );
    const half = fields.length / 2;
    for (const [offset, part] of [fields.slice(0, half), fields.slice(half)].entries()) {
      const { data } = await gateway.ask(secret, `{ ${part.join("\n")} }`);
      for (const [i, seen] of Object.values(
        data as Record<string, { timeInStatus: Times }>,
      ).entries()) {
        const person = pasts[offset * half + i] as Past;
        const times = seen.timeInStatus.map(({ status, seconds }) => [status.id, seconds]);
        expect({ person, since, length, times: Object.fromEntries(times) as object }).toEqual({
          person,
          since,
          length,
          times: counted(person, since, since + length),
        });
      }
    }
  }
});

it("time in status ends at the current time", async () => {
  const user = await givenUser(gateway);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const sum = (times: Record<number, number>) => Object.values(times).reduce((a, b) => a + b, 0);
  const open = await timesOf(user, { since });
  expect(Object.keys(open)).toEqual([String(OFFLINE_STATUS_ID)]);
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const closed = await timesOf(user, { since, until: inAnHour });
  const [{ age }] = await gateway.dataSource.query<[{ age: number }]>(
    `SELECT extract(epoch FROM now() - created_at)::float8 AS age FROM users WHERE id = $1`,
    [user.id],
  );
  expect(sum(open)).toBeGreaterThan(0);
  expect(sum(closed)).toBeGreaterThan(sum(open));
  expect(age).toBeGreaterThan(sum(closed));
  expect(await timesOf(user, { since: inAnHour })).toEqual({});
});

it("time in status counts due transitions before a sweep", async () => {
  const user = await givenUser(gateway);
  const set = (input: object) =>
    mutate(gateway, secret, "setStatus", { user: { id: user.globalId }, ...input });
  granted(await set({ statusId: BUSY }));
  const until = new Date(Date.now() + 3_600_000);
  granted(await set({ statusId: AWAY, until: until.toISOString() }));
  // Sweepers skip a locked row; its times can still be changed.
  const holder = gateway.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`SELECT FROM presences WHERE user_id = $1 FOR KEY SHARE`, [user.id]);
  const since = await letEnd(gateway, user);
  await eventually(async () => {
    const times = await timesOf(user, { since });
    expect(times).toEqual({ [BUSY]: expect.any(Number) as number });
  });
  await holder.rollbackTransaction();
  await holder.release();
});

it.each<[what: string, Range, path: string]>([
  ["ends before it begins", { since: at(5), until: at(5) }, "until"],
  [
    "is longer than a year",
    { since: "2020-01-01T00:00:00Z", until: "2021-01-03T00:00:00Z" },
    "since",
  ],
  ["began years ago", { since: "2020-01-01T00:00:00Z" }, "since"],
])("a range of time in status that %s is refused", async (_, range, path) => {
  const user = await givenUser(gateway);
  const { errors } = await askTimes(user, range);
  expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", fields: [{ path }] });
});

it("time in status is visible to the user and to readers of the user", async () => {
  const { user, secret: session } = await givenSignedIn(gateway);
  const other = await givenUser(gateway);
  granted(await askTimes(user, { since: at(0) }, session));
  expect(await askTimes(other, { since: at(0) }, session)).toMatchObject({
    errors: [{ extensions: { code: "FORBIDDEN" } }],
  });
});
