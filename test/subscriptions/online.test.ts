import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn } from "../support/given.js";
import { openSignedIn, subscribeTo } from "../support/raw-socket.js";

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "9" });
  secret = await gateway.givenKey("USER_READ");
});

afterAll(() => gateway.stop());

const PRESENCE = `subscription ($filter: PresenceFilter) {
  presenceChanged(filter: $filter) { cause presence { online } }
}`;

it("a user is online while a socket of its session is open and for one lease after, but not by a socket of an API key", async () => {
  const { user, secret: session } = await givenSignedIn(gateway);
  const isOnline = async () => {
    const [row] = await gateway.dataSource.query<{ online: boolean }[]>(
      `SELECT lease_until > clock_timestamp() AS online FROM presences WHERE user_id = $1`,
      [user.id],
    );
    return row?.online ?? false;
  };
  const becomes = (online: boolean) =>
    eventually(async () => expect(await isOnline()).toBe(online));
  await gateway.dataSource.query(`UPDATE api_keys SET owner_user_id = $1`, [user.id]);
  const ofKey = await openSignedIn(gateway.url, secret);
  ofKey.send(subscribeTo("1", PRESENCE, { filter: { userIds: [user.globalId], online: false } }));
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.now).toBe(1);
    return Promise.resolve();
  });
  const socket = await openSignedIn(gateway.url, session);
  await becomes(true);
  const [{ until } = { until: new Date() }] = await gateway.dataSource.query<{ until: Date }[]>(
    `SELECT lease_until AS until FROM presences WHERE user_id = $1`,
    [user.id],
  );
  // The socket renews the lease before it expires.
  await eventually(async () => {
    const [row] = await gateway.dataSource.query<{ renewed: boolean }[]>(
      `SELECT lease_until > $1 AS renewed FROM presences WHERE user_id = $2`,
      [until, user.id],
    );
    expect(row?.renewed).toBe(true);
  });
  expect(await isOnline()).toBe(true);
  socket.socket.close();
  // The key's socket is still open.
  await becomes(false);
  expect(ofKey.socket.readyState).toBe(ofKey.socket.OPEN);
  const received = async () =>
    ((await ofKey.next()).payload as { data: { presenceChanged: object } }).data.presenceChanged;
  expect(await received()).toMatchObject({ presence: { online: true } });
  expect(await received()).toEqual({ cause: "expired", presence: { online: false } });
  const { data } = await gateway.ask(
    await gateway.givenKey("USER_READ"),
    `query ($id: ID!) { user(by: { id: $id }) { presence { online } } }`,
    { id: user.globalId },
  );
  expect(data).toEqual({ user: { presence: { online: false } } });
  ofKey.socket.close();
});
