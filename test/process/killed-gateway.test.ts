import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { build, BUILD_MS, cleanUp, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const LEASE_MS = 5000;
const BUSY = 2;

let survivor: TestGateway;

beforeAll(async () => {
  await build();
  survivor = await startTestGateway();
}, BUILD_MS);
afterAll(async () => {
  cleanUp();
  await survivor.stop();
});

it("users of a killed process are offline after one lease, published once", async () => {
  const killed = await start({
    DATABASE_URL: (survivor.dataSource.options as { url: string }).url,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    ROLLCALL_LEASE_SECONDS: String(LEASE_MS / 1000),
  });
  const people = await Promise.all(Array.from({ length: 3 }, () => givenUser(survivor)));
  const [chosen] = people;
  const ask = async (query: string) => {
    const { data, errors } = await killed.ask(ADMIN_KEY, query);
    if (!data || errors) throw new Error(JSON.stringify(errors));
    return data as Record<string, { presence: { online: boolean; lastSeenAt: string } }>;
  };
  await ask(
    `mutation { setStatus(input: { user: { id: "${chosen?.globalId}" }, statusId: ${BUSY} }) { applied } }`,
  );
  const beats = people.map(
    ({ globalId }, i) =>
      `p${i}: heartbeat(input: { user: { id: "${globalId}" } }) { presence { online lastSeenAt } }`,
  );
  const answers = Object.values(await ask(`mutation { ${beats.join("\n")} }`));
  expect(answers.map(({ presence }) => presence.online)).toEqual([true, true, true]);
  await killed.end("SIGKILL");

  const secret = await survivor.givenKey("USER_READ");
  const onlineOf = async () => {
    const fields = people.map(
      ({ globalId }, i) => `p${i}: user(by: { id: "${globalId}" }) { presence { online } }`,
    );
    const { data } = await survivor.ask(secret, `{ ${fields.join("\n")} }`);
    const seen = data as Record<string, { presence: { online: boolean } }>;
    return Object.values(seen).map(({ presence }) => presence.online);
  };
  await eventually(async () => expect(await onlineOf()).toEqual([false, false, false]));

  const told = () =>
    survivor.dataSource.query<object[]>(
      `SELECT e.payload FROM unnest($1::text[]) WITH ORDINALITY AS p(id, nth)
       JOIN events e ON e.subject = p.id AND e.topic = 'presenceChanged' AND e.payload->>'cause' = 'expired'
       ORDER BY p.nth`,
      [people.map(({ globalId }) => globalId)],
    );
  await eventually(async () => expect((await told()).length).toBeGreaterThanOrEqual(people.length));
  await survivor.services.presence.expireDue();
  expect(await told()).toMatchObject(
    answers.map(({ presence: { lastSeenAt } }, i) => ({
      payload: {
        at: new Date(Date.parse(lastSeenAt) + LEASE_MS).toISOString(),
        from: i === 0 ? BUSY : 1,
        to: i === 0 ? BUSY : 4,
      },
    })),
  );
});
