import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { codeOf, dataOf } from "./answers.js";
import { givenPerson, givenSession, PASSWORD, type Person } from "./given.js";

let gateway: TestGateway;
let admin: string;
let anna: Person;
let otto: Person;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  anna = await givenPerson(gateway, admin, { password: PASSWORD });
  otto = await givenPerson(gateway, admin, { password: PASSWORD });
});
afterAll(() => gateway.stop());

interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly isCurrent: boolean;
}

async function sessionsOf({ id }: Person, secret: string): Promise<Session[]> {
  const query = `query ($id: ID) { sessions(by: { id: $id }) { id createdAt lastUsedAt expiresAt address isCurrent } }`;
  return dataOf<{ sessions: Session[] }>(await gateway.ask(secret, query, { id })).sessions;
}

const revoke = (id: string, secret: string) =>
  gateway.ask(
    secret,
    `mutation ($id: ID!) { revokeSession(input: { id: $id }) { session { id } } }`,
    { id },
  );

const codeOfUse = async (secret: string) =>
  codeOf(await gateway.ask(secret, `{ viewer { name } }`));

it("a user sees their sessions, newest first, with the current one marked", async () => {
  const old = await givenSession(gateway, anna);
  const fresh = await givenSession(gateway, anna);
  const seen = await sessionsOf(anna, old);
  expect(seen).toMatchObject([
    { address: "127.0.0.1", isCurrent: false },
    { address: "127.0.0.1", isCurrent: true },
  ]);
  expect(seen.map(({ id }) => id)).toEqual((await sessionsOf(anna, admin)).map(({ id }) => id));
  const [{ createdAt, expiresAt } = { createdAt: "", expiresAt: "" }] = seen;
  const hours = (new Date(expiresAt).getTime() - new Date(createdAt).getTime()) / 3_600_000;
  expect(Math.round(hours)).toBe(336);
  expect(JSON.stringify(seen)).not.toContain(fresh.slice(-43));
});

it("revokeSession ends the session and its open connections, and no other", async () => {
  const [lost, kept] = [await givenSession(gateway, otto), await givenSession(gateway, otto)];
  const socket = startWebSocketClient(gateway.url, lost);
  void socket
    .subscribe(`subscription { tabRefreshed(tabId: "tab_1") { __typename } }`)
    .next()
    .catch(() => undefined);
  // The response does not matter: it arrives only after the authentication.
  await socket
    .subscribe(`subscription { nothing }`)
    .next()
    .catch(() => undefined);

  const [, oldest] = await sessionsOf(otto, kept);
  const answer = await revoke(oldest?.id ?? "", kept);
  expect(dataOf(answer)).toEqual({ revokeSession: { session: { id: oldest?.id } } });
  expect(await socket.closed).toMatchObject({ code: 4401 });
  expect([await codeOfUse(lost), await codeOfUse(kept)]).toEqual(["UNAUTHENTICATED", "OK"]);
  expect(await sessionsOf(otto, kept)).toMatchObject([{ isCurrent: true }]);
});

it("another user's session is refused like an unknown one", async () => {
  const mine = await givenSession(gateway, anna);
  await givenSession(gateway, otto);
  const before = await sessionsOf(otto, admin);
  const [others] = before;
  const refusals = [await revoke(others?.id ?? "", mine), await revoke("nothing", mine)];
  expect(refusals.map(({ errors }) => errors)).toEqual([refusals[0]?.errors, refusals[0]?.errors]);
  expect(refusals.map(codeOf)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  expect(codeOf(await revoke("nothing", admin))).toBe("NOT_FOUND");
  expect(await sessionsOf(otto, admin)).toEqual(before);
});

it("sessions are deleted 90 days after they expire, not before", async () => {
  const kept = await givenPerson(gateway, admin, { password: PASSWORD });
  await givenSession(gateway, kept);
  await givenSession(gateway, kept);
  const days = `round(extract(epoch FROM now() - s.expires_at) / 86400)::integer AS days`;
  const daysIn = (rows: { days: number }[]) => rows.map((row) => row.days);
  // The gateway deletes sessions 90 days after their expiry.
  const aged = await gateway.dataSource.query<{ days: number }[]>(
    `WITH aged AS (
       UPDATE login_sessions s SET expires_at = now() - make_interval(days => CASE WHEN s.id % 2 = 0 THEN 89 ELSE 91 END)
       FROM users u WHERE u.id = s.user_id AND u.username = $1 RETURNING ${days})
     SELECT days FROM aged ORDER BY 1`,
    [kept.username],
  );
  expect(daysIn(aged)).toEqual([89, 91]);
  await gateway.services.sessions.prune();
  const left = await gateway.dataSource.query<{ days: number }[]>(
    `SELECT ${days} FROM login_sessions s JOIN users u ON u.id = s.user_id WHERE u.username = $1`,
    [kept.username],
  );
  expect(daysIn(left)).toEqual([89]);
});
