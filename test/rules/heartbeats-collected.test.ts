import type { User } from "../../src/entities/user.entity.js";
import type { UserRef } from "../../src/services/users/user-ref.js";
import { loadConfig } from "../../src/config/schema.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { createServices, type Services } from "../../src/services/index.js";
import { system } from "../../src/domain/actor.js";
import { findDisagreements } from "../demo/presence-consistency.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { recordSql } from "../support/record-sql.js";
import { startSecondGateway } from "../support/second-gateway.js";
import { seePresence } from "./seen-presence.js";

/** Long enough that nothing expires during the tests, however slow the machine is. */
const LEASE_SECONDS = 3600;
const [AVAILABLE, BUSY, AWAY, OFFLINE] = [1, 2, 3, 4];

const actor = system("test");
const at = (seconds: number) => new Date(Date.now() + 1000 * seconds);

let gateway: TestGateway;
/** The services of a process that writes collected heartbeats only on demand. */
let services: Services;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: String(LEASE_SECONDS) });
  const config = { ...loadConfig({ NODE_ENV: "test" }), leaseSeconds: LEASE_SECONDS };
  services = createServices(gateway.dataSource, config, createLogger("silent"));
  secret = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const beat = ({ globalId }: User, input: object = {}) =>
  services.presence.heartbeat(actor, { user: { id: globalId }, ...input });

/** Creates an online user with this remaining lease. */
async function givenOnline(secondsLeft = 2400): Promise<User> {
  const user = await givenUser(gateway);
  await beat(user);
  await gateway.dataSource.query(
    `UPDATE presences SET lease_until = now() + make_interval(secs => $2),
       changes_at = now() + make_interval(secs => $2), last_seen_at = now() - interval '15 seconds',
       plan = jsonb_build_array(plan->0 || jsonb_build_object('at', now() + make_interval(secs => $2)))
     WHERE user_id = $1`,
    [user.id, secondsLeft],
  );
  return user;
}

const stored = async ({ id }: User): Promise<{ leaseUntil: Date | null; lastSeenAt: Date }> => {
  const [row] = await gateway.dataSource.query<{ leaseUntil: Date | null; lastSeenAt: Date }[]>(
    `SELECT lease_until AS "leaseUntil", last_seen_at AS "lastSeenAt" FROM presences WHERE user_id = $1`,
    [id],
  );
  if (!row) throw new Error("missing presence row");
  return row;
};

/** The writes among the statements, without those of the retention and of the reservation sweeper. */
const writes = (statements: readonly string[]) =>
  statements.filter(
    (sql) =>
      /UPDATE presences|INSERT INTO|DELETE FROM presence_claims/.test(sql) &&
      !/reservations/.test(sql),
  );

it("renewals of many users are written with one statement and match the responses", async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => givenOnline()));
  const answers: Awaited<ReturnType<typeof beat>>[] = [];
  const whileBeating = await recordSql(gateway.dataSource, async () => {
    for (const person of people) answers.push(await beat(person));
  });
  expect(writes(whileBeating)).toEqual([]);
  const whileWriting = await recordSql(gateway.dataSource, () =>
    services.presence.writeHeartbeats(),
  );
  expect(writes(whileWriting)).toHaveLength(1);
  for (const [i, person] of people.entries()) {
    const { leaseUntil, lastSeenAt, changesAt } = answers[i] as (typeof answers)[number];
    expect(await stored(person)).toEqual({ leaseUntil, lastSeenAt });
    expect(leaseUntil).toEqual(new Date((lastSeenAt?.getTime() ?? 0) + 1000 * LEASE_SECONDS));
    expect(changesAt).toEqual(leaseUntil);
  }
});

it("no user is seen offline between a heartbeat and its write", async () => {
  const user = await givenOnline();
  await beat(user);
  expect(await seePresence(gateway, secret, user)).toMatchObject({ online: true });
  await services.presence.writeHeartbeats();
  expect(await seePresence(gateway, secret, user)).toMatchObject({ online: true });
});

it("a flush of heartbeats waits for a write in flight", async () => {
  const user = await givenOnline();
  const { leaseUntil, lastSeenAt } = await beat(user);
  const writing = services.presence.writeHeartbeats();
  expect(await services.presence.writeHeartbeats()).toBe(0);
  expect(await stored(user)).toEqual({ leaseUntil, lastSeenAt });
  expect(await writing).toBe(1);
});

it("a heartbeat with an Idempotency-Key is written immediately, once", async () => {
  const user = await givenOnline();
  const key = await gateway.givenKey("USER_CUD");
  const send = async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": user.username,
      },
      body: JSON.stringify({
        query: `mutation { heartbeat(input: { user: { id: "${user.globalId}" } }) { presence { lastSeenAt } } }`,
      }),
    });
    const { data } = (await response.json()) as {
      data: { heartbeat: { presence: { lastSeenAt: string } } };
    };
    return data.heartbeat.presence.lastSeenAt;
  };
  const answered = await send();
  const written = await stored(user);
  expect(written.lastSeenAt.toISOString()).toBe(answered);
  expect(await send()).toBe(answered);
  expect(await stored(user)).toEqual(written);
});

it("a lease that is about to end is renewed immediately", async () => {
  const user = await givenOnline(1.5);
  const { leaseUntil } = await beat(user);
  expect((await stored(user)).leaseUntil).toEqual(leaseUntil);
});

it("the row written equals the rule applied to the claims and the new lease", async () => {
  const { presence } = services;
  const calendar = { source: "calendar", statusId: BUSY, until: at(800) };
  // `steps` is the number of planned steps once the lease lasts for an hour.
  const wishes: readonly [steps: number, wish: (user: UserRef) => Promise<unknown>][] = [
    [1, () => Promise.resolve()],
    [0, (user) => presence.setStatus(actor, { user, statusId: BUSY })],
    [2, (user) => presence.setStatus(actor, { user, statusId: AWAY, until: at(1600) })],
    [1, (user) => presence.setStatus(actor, { user, statusId: AWAY, until: at(7200) })],
    [2, (user) => presence.setStatus(actor, { user, statusId: AVAILABLE, until: at(1600) })],
    [2, (user) => presence.lockStatus(actor, { user, statusId: OFFLINE, until: at(800) })],
    [2, (user) => presence.reportExternalStatus(actor, { user, ...calendar })],
  ];
  const people = await Promise.all(wishes.map(() => givenOnline(400)));
  for (const [i, [, wish]] of wishes.entries()) await wish({ id: people[i]?.globalId });
  for (const person of people) await beat(person);
  await services.presence.writeHeartbeats();
  expect(await findDisagreements(gateway.dataSource)).toEqual([]);
  const plans = await gateway.dataSource.query<{ steps: number }[]>(
    `SELECT jsonb_array_length(plan) AS steps FROM presences WHERE user_id = ANY($1::int[])
     ORDER BY array_position($1::int[], user_id)`,
    [people.map(({ id }) => id)],
  );
  expect(plans.map(({ steps }) => steps)).toEqual(wishes.map(([planned]) => planned));
});

it("a locked row delays no other heartbeat and is written with the next batch", async () => {
  const [held, free] = [await givenOnline(), await givenOnline()];
  const answered = await beat(held);
  await beat(free);
  const runner = gateway.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`SELECT FROM presences WHERE user_id = $1 FOR UPDATE`, [held.id]);
  const before = await stored(held);
  await services.presence.writeHeartbeats();
  expect(await stored(held)).toEqual(before);
  expect((await stored(free)).leaseUntil?.getTime()).toBeGreaterThan(at(3000).getTime());
  await runner.rollbackTransaction();
  await runner.release();
  await services.presence.writeHeartbeats();
  expect((await stored(held)).leaseUntil).toEqual(answered.leaseUntil);
});

it("a heartbeat that is written late does not overwrite a later one", async () => {
  const user = await givenOnline();
  await beat(user);
  const later = await gateway.services.presence.heartbeat(actor, {
    user: { id: user.globalId },
    lastView: { module: "support", view: "list" },
  });
  await services.presence.writeHeartbeats();
  const { leaseUntil, lastSeenAt } = later;
  expect(await stored(user)).toEqual({ leaseUntil, lastSeenAt });
});

it("a heartbeat of a user that is deactivated meanwhile does not reactivate them", async () => {
  const user = await givenOnline();
  await beat(user);
  await services.users.deactivate(actor, { user: { id: user.globalId } });
  await services.presence.writeHeartbeats();
  expect((await stored(user)).leaseUntil).toBeNull();
});

it("a user with an open connection comes online within moments, and an event is published", async () => {
  const user = await givenUser(gateway);
  gateway.services.presence.keepAlive([user.id]);
  await eventually(async () =>
    expect(await seePresence(gateway, secret, user)).toMatchObject({
      online: true,
      status: { class: "AVAILABLE" },
    }),
  );
  const told = await gateway.dataSource.query<object[]>(
    `SELECT payload->>'cause' AS cause FROM events WHERE subject = $1 AND topic = 'presenceChanged'`,
    [user.globalId],
  );
  expect(told).toEqual([{ cause: "heartbeat" }]);
});

it("a stopping process writes its collected heartbeats", async () => {
  const user = await givenUser(gateway);
  const second = await startSecondGateway(gateway);
  second.services.presence.keepAlive([user.id]);
  await second.stop();
  expect((await stored(user)).leaseUntil).not.toBeNull();
});

it("heartbeats concurrent with changes neither deadlock nor get lost", async () => {
  const people = await Promise.all(Array.from({ length: 10 }, () => givenOnline()));
  await Promise.all(
    people.flatMap((user, i) => [
      beat(user),
      services.presence.reportTelephoneStatus(actor, {
        user: { id: user.globalId },
        telephoneStatus: i % 2 ? "BUSY" : "RINGING",
      }),
      services.presence.writeHeartbeats(),
      services.presence.lockStatus(actor, { user: { id: user.globalId }, statusId: AWAY }),
      gateway.services.presence.expireDue(),
    ]),
  );
  await eventually(async () => {
    await services.presence.writeHeartbeats();
    const leases = await Promise.all(people.map(async (user) => (await stored(user)).leaseUntil));
    for (const lease of leases) expect(lease?.getTime()).toBeGreaterThan(at(3000).getTime());
  });
  expect(await findDisagreements(gateway.dataSource)).toEqual([]);
});
