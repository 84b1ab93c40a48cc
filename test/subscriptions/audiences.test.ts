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

async function following(secret: string, query: string, variables: object): Promise<RawSocket> {
  const { total } = gateway.services.subscriptions.subscribers;
  const raw = await openSignedIn(gateway.url, secret);
  raw.send(subscribeTo("1", query, variables));
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.total).toBe(total + 1);
    return Promise.resolve();
  });
  return raw;
}

/** The first lock that a socket is told of: that its owner goes online may be told before. */
async function toldOfLock(socket: RawSocket): Promise<object> {
  for (;;) {
    const { data } = (await socket.next()).payload as {
      data: { presenceChanged: { presence: { lock: object | null } } };
    };
    const { lock } = data.presenceChanged.presence;
    if (lock) return lock;
  }
}

it("who asks the same in the same words is told what they may see, each for themself", async () => {
  const self = await givenSignedIn(gateway);
  const supervisor = await givenSignedIn(gateway, "USER_READ");
  const admin = await givenSignedIn(gateway, "ADMIN");
  const secrets = [self.secret, supervisor.secret, await gateway.givenKey("USER_READ")];
  const query = `subscription ($ids: [ID!]) {
    presenceChanged(filter: { userIds: $ids }) { presence { lock { lockedBy { username } } } } }`;
  const sockets: RawSocket[] = [];
  for (const secret of secrets) {
    sockets.push(await following(secret, query, { ids: [self.user.globalId] }));
  }
  const { services } = gateway;
  const locker = await services.authentication.authenticate(admin.secret, system("test"));
  await services.presence.lockStatus(locker, { user: { id: self.user.globalId }, statusId: 2 });
  const { username } = admin.user;
  expect(await Promise.all(sockets.map(toldOfLock))).toEqual(
    [null, { username }, { username }].map((lockedBy) => ({ lockedBy })),
  );
  for (const { socket } of sockets) socket.close();
});

it("who follows themself without USER_READ never hears of others", async () => {
  const { user, secret } = await givenSignedIn(gateway);
  const other = await givenUser(gateway);
  const query = `subscription ($ids: [ID!]) { userChanged(userIds: $ids) { user { id } } }`;
  const raw = await following(secret, query, { ids: [user.globalId] });
  const actor = system("test");
  for (const { globalId: id } of [other, user]) {
    await gateway.services.users.update(actor, { user: { id }, firstname: "Ada" });
  }
  expect(await raw.next()).toMatchObject({
    payload: { data: { userChanged: { user: { id: user.globalId } } } },
  });
  raw.socket.close();
});

it("a variable that is left out has its default for who left it out, and not for who says null", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const { globalId: id } = await givenUser(gateway);
  const query = `subscription ($ids: [ID!], $with: Boolean = true) {
    userChanged(userIds: $ids) { cause user @include(if: $with) { id } } }`;
  const said = await following(secret, query, { ids: [id], with: null });
  const left = await following(secret, query, { ids: [id] });
  await gateway.services.users.update(system("test"), { user: { id }, firstname: "Ada" });
  expect(await left.next()).toMatchObject({ payload: { data: { userChanged: { user: { id } } } } });
  expect((await said.next()).payload).toHaveProperty("errors");
  said.socket.close();
  left.socket.close();
});
