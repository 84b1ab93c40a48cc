import { join } from "node:path";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, PASSWORD } from "../support/given.js";
import { build, BUILD_MS, cleanUp, type GatewayProcess, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const [BUSY, AWAY] = [2, 3];

/** A second gateway with the right clock, on the database of the gateway with the wrong one. */
let right: TestGateway;

beforeAll(async () => {
  await build();
  right = await startTestGateway();
}, BUILD_MS);
afterAll(async () => {
  cleanUp();
  await right.stop();
});

const startShifted = (milliseconds: number): Promise<GatewayProcess> =>
  start({
    DATABASE_URL: (right.dataSource.options as { url: string }).url,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    ROLLCALL_SESSION_HOURS: "1",
    NODE_OPTIONS: `--require=${join(__dirname, "shifted-clock.cjs")}`,
    CLOCK_SHIFT_MS: String(milliseconds),
  });

const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

/** Expects a time within half an hour of now plus this offset: the machine may be slow, but not by hours. */
const expectAbout = (time: unknown, milliseconds: number) =>
  expect(Math.abs(Date.parse(String(time)) - Date.now() - milliseconds)).toBeLessThan(HOUR_MS / 2);

it.each([
  ["ahead", DAY_MS],
  ["behind", -DAY_MS],
])("a process whose clock is a day %s uses the database's clock", async (_, shift) => {
  const agent = await givenAgent(right, { password: PASSWORD });
  const wrong = await startShifted(shift);
  const user = `user: { username: "${agent.username}" }`;
  const ask = async <Data>(query: string, secret = ADMIN_KEY): Promise<Data> => {
    const { data, errors } = await wrong.ask(secret, query);
    if (errors) throw new Error(JSON.stringify(errors));
    return data as Data;
  };
  const codeOf = async (query: string) =>
    (await wrong.ask(ADMIN_KEY, query)).errors?.[0]?.extensions.code;

  const { login } = await ask<{ login: { token: string; expiresAt: string } }>(
    `mutation { login(input: { user: "${agent.username}", password: "${PASSWORD}" }) { token expiresAt } }`,
  );
  expectAbout(login.expiresAt, HOUR_MS);
  const beat = `mutation { heartbeat(input: {}) { presence { online lastSeenAt until status { class } } } }`;
  type Beat = { heartbeat: { presence: { lastSeenAt: string; until: string } } };
  const { presence } = (await ask<Beat>(beat, login.token)).heartbeat;
  expect(presence).toMatchObject({ online: true, status: { class: "AVAILABLE" } });
  expectAbout(presence.lastSeenAt, 0);
  expect(Date.parse(presence.until) - Date.parse(presence.lastSeenAt)).toBe(45_000);

  const reserve = `mutation { reserveUserForLiveChannel(input: { ${user} }) { reservation { id state expiresAt fencingToken } } }`;
  type Reserved = Record<
    string,
    { reservation: { id: string; fencingToken: number; expiresAt: string } }
  >;
  const reservation = (await ask<Reserved>(reserve))["reserveUserForLiveChannel"]?.reservation;
  expect(reservation).toMatchObject({ state: "HELD" });
  expectAbout(reservation?.expiresAt, 30_000);
  expect(
    await ask(
      `mutation { acceptReservation(input: { id: "${reservation?.id}", fencingToken: ${reservation?.fencingToken} }) { reservation { state } } }`,
    ),
  ).toEqual({ acceptReservation: { reservation: { state: "ACCEPTED" } } });

  const setStatus = (until: string) =>
    `mutation { setStatus(input: { ${user}, statusId: ${BUSY}, until: "${until}", requestedAt: "${fromNow(0)}" }) { applied presence { status { id } since } } }`;
  const lock = (until: string) =>
    `mutation { lockStatus(input: { ${user}, statusId: ${AWAY}, until: "${until}" }) { presence { status { id } lock { lockedAt } } } }`;
  const key = (expiresAt: string) =>
    `mutation { createApiKey(input: { name: "short", permissions: [USER_READ], expiresAt: "${expiresAt}" }) { secret } }`;
  for (const given of [setStatus, lock, key]) {
    expect(await codeOf(given(fromNow(-HOUR_MS)))).toBe("BAD_USER_INPUT");
  }
  const { setStatus: set } = await ask<{ setStatus: { presence: { since: string } } }>(
    setStatus(fromNow(HOUR_MS)),
  );
  expect(set).toMatchObject({ applied: true, presence: { status: { id: BUSY } } });
  expectAbout(set.presence.since, 0);
  expect(await ask(lock(fromNow(HOUR_MS)))).toMatchObject({
    lockStatus: { presence: { status: { id: AWAY }, lock: {} } },
  });
  expect(await codeOf(setStatus(fromNow(HOUR_MS)))).toBe("STATUS_LOCKED");
  const { createApiKey } = await ask<{ createApiKey: { secret: string } }>(key(fromNow(HOUR_MS)));
  expect(
    await ask(
      `{ user(by: { username: "${agent.username}" }) { presence { online status { id } configuredStatus { id } } } }`,
      createApiKey.secret,
    ),
  ).toEqual({
    user: { presence: { online: true, status: { id: AWAY }, configuredStatus: { id: BUSY } } },
  });

  // The sweeper of the process whose clock is ahead must not treat anything as expired.
  const told = await right.dataSource.query<object[]>(
    `SELECT FROM events WHERE subject = $1 AND payload->>'cause' = 'expired'`,
    [agent.globalId],
  );
  expect(told).toEqual([]);
  const { output } = await wrong.end("SIGTERM");
  const [, logged] = /"time":"([^"]+)"/.exec(output) ?? [];
  expectAbout(logged, shift);
});
