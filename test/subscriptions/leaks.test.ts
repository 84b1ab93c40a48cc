import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { openSignedIn, subscribeTo } from "../support/raw-socket.js";

const [ROUNDS, PER_ROUND] = [8, 250];

// Two thousand sockets take a while on a busy machine.
jest.setTimeout(60_000);

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const SUBSCRIPTION = `subscription { presenceChanged { cursor } }`;

/** The open handles of the process by kind: connections of both sides, and timers. */
const handles = () => process.getActiveResourcesInfo().filter((kind) => !/Immediate/.test(kind));

const becomes = (connections: number, subscribers: number) =>
  eventually(() => {
    expect([gateway.connections.count, gateway.services.subscriptions.subscribers.now]).toEqual([
      connections,
      subscribers,
    ]);
    return Promise.resolve();
  });

async function openAndClose(round: number): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: PER_ROUND }, () => openSignedIn(gateway.url, secret)),
  );
  for (const raw of sockets) raw.send(subscribeTo("1", SUBSCRIPTION));
  await becomes(PER_ROUND, PER_ROUND);
  // With a close frame and without.
  for (const { socket } of sockets) {
    if (round % 2 === 0) socket.close();
    else socket.terminate();
  }
  await becomes(0, 0);
}

it("thousands of closed sockets leave no connection, no subscriber and no handle open", async () => {
  await openAndClose(0);
  const before = handles();
  for (let round = 1; round < ROUNDS; round++) await openAndClose(round);
  await eventually(() => {
    const sockets = handles().filter((kind) => /TCP/.test(kind)).length;
    expect(sockets).toBeLessThanOrEqual(before.filter((kind) => /TCP/.test(kind)).length);
    expect(handles().length).toBeLessThan(before.length + PER_ROUND);
    return Promise.resolve();
  });
  expect(gateway.services.subscriptions.subscribers.total).toBe(ROUNDS * PER_ROUND);
});
