import { system } from "../../src/domain/actor.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { openSignedIn, type RawSocket, subscribeTo } from "../support/raw-socket.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

async function openSubscription(
  secret: string,
  query: string,
  variables: object,
): Promise<RawSocket> {
  const { total } = gateway.services.subscriptions.subscribers;
  const raw = await openSignedIn(gateway.url, secret);
  raw.send(subscribeTo("1", query, variables));
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.total).toBe(total + 1);
    return Promise.resolve();
  });
  return raw;
}

/** The first lock that a socket receives. An event about its user going online may precede it. */
async function receivedLock(socket: RawSocket): Promise<object> {
  for (;;) {
    const { data } = (await socket.next()).payload as {
      data: { presenceChanged: { presence: { lock: object | null } } };
    };
    const { lock } = data.presenceChanged.presence;
    if (lock) return lock;
  }
}

it("subscribers with the same operation receive only the fields that each may read", async () => {
  const self = await givenSignedIn(gateway);
  const supervisor = await givenSignedIn(gateway, "USER_READ");
  const admin = await givenSignedIn(gateway, "ADMIN");
  const secrets = [self.secret, supervisor.secret, await gateway.givenKey("USER_READ")];
  const query = `subscription ($ids: [ID!]) {
    presenceChanged(filter: { userIds: $ids }) { presence { lock { lockedBy { username } } } } }`;
  const sockets: RawSocket[] = [];
  for (const secret of secrets) {
    sockets.push(await openSubscription(secret, query, { ids: [self.user.globalId] }));
  }
  const { services } = gateway;
  const locker = await services.authentication.authenticate(admin.secret, system("test"));
  await services.presence.lockStatus(locker, { user: { id: self.user.globalId }, statusId: 2 });
  const { username } = admin.user;
  expect(await Promise.all(sockets.map(receivedLock))).toEqual(
    [null, { username }, { username }].map((lockedBy) => ({ lockedBy })),
  );
  for (const { socket } of sockets) socket.close();
});

it("a subscriber without USER_READ receives no events about other users", async () => {
  const { user, secret } = await givenSignedIn(gateway);
  const other = await givenUser(gateway);
  const query = `subscription ($ids: [ID!]) { userChanged(userIds: $ids) { user { id } } }`;
  const raw = await openSubscription(secret, query, { ids: [user.globalId] });
  const actor = system("test");
  for (const { globalId: id } of [other, user]) {
    await gateway.services.users.update(actor, { user: { id }, firstname: "Ada" });
  }
  expect(await raw.next()).toMatchObject({
    payload: { data: { userChanged: { user: { id: user.globalId } } } },
  });
  raw.socket.close();
});

it("an absent variable takes its default value, and a variable with null does not, in the same operation", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const { globalId: id } = await givenUser(gateway);
  const query = `subscription ($ids: [ID!], $with: Boolean = true) {
    userChanged(userIds: $ids) { cause user @include(if: $with) { id } } }`;
  const withNull = await openSubscription(secret, query, { ids: [id], with: null });
  const withDefault = await openSubscription(secret, query, { ids: [id] });
  await gateway.services.users.update(system("test"), { user: { id }, firstname: "Ada" });
  expect(await withDefault.next()).toMatchObject({
    payload: { data: { userChanged: { user: { id } } } },
  });
  expect((await withNull.next()).payload).toHaveProperty("errors");
  withNull.socket.close();
  withDefault.socket.close();
});
