import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { openSignedIn, subscribeTo } from "../support/raw-socket.js";

const [ROUNDS, AT_ONCE] = [8, 250];

// Two thousand sockets take their time on a busy machine.
jest.setTimeout(60_000);

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const SUBSCRIPTION = `subscription { presenceChanged { cursor } }`;

/** What the process holds open, by kind: connections of both sides, and timers. */
const handles = () => process.getActiveResourcesInfo().filter((kind) => !/Immediate/.test(kind));

const becomes = (connections: number, followers: number) =>
  eventually(() => {
    expect([gateway.connections.count, gateway.services.subscriptions.subscribers.now]).toEqual([
      connections,
      followers,
    ]);
    return Promise.resolve();
  });

async function openAndLose(round: number): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: AT_ONCE }, () => openSignedIn(gateway.url, secret)),
  );
  for (const raw of sockets) raw.send(subscribeTo("1", SUBSCRIPTION));
  await becomes(AT_ONCE, AT_ONCE);
  // With a goodbye and without.
  for (const { socket } of sockets) {
    if (round % 2 === 0) socket.close();
    else socket.terminate();
  }
  await becomes(0, 0);
}

it("thousands of sockets that come and go leave nothing behind: no connection, no subscriber, no handle", async () => {
  await openAndLose(0);
  const before = handles();
  for (let round = 1; round < ROUNDS; round++) await openAndLose(round);
  await eventually(() => {
    const sockets = handles().filter((kind) => /TCP/.test(kind)).length;
    expect(sockets).toBeLessThanOrEqual(before.filter((kind) => /TCP/.test(kind)).length);
    expect(handles().length).toBeLessThan(before.length + AT_ONCE);
    return Promise.resolve();
  });
  expect(gateway.services.subscriptions.subscribers.total).toBe(ROUNDS * AT_ONCE);
});
