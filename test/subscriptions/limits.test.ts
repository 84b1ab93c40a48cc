import { get, type IncomingHttpHeaders } from "node:http";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { initOf, openRawSocket, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";

const [CONNECTIONS, PER_CREDENTIAL, POINTS, PER_ADDRESS] = [3, 2, 6, 5];
const TABS = `subscription { tabRefreshed(tabId: "any") { tabId } }`;
/** A point for itself, and two for what it asks. */
const COSTLY = `subscription { userChanged { ${Array.from({ length: 12 }, (_, i) => `a${i}: user { groups { name } }`).join(" ")} } }`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    LIVE_CONNECTIONS_MAX: String(CONNECTIONS),
    LIVE_CONNECTIONS_PER_CREDENTIAL: String(PER_CREDENTIAL),
    RATE_LIMIT_PER_CREDENTIAL: String(POINTS),
    RATE_LIMIT_PER_ADDRESS: String(PER_ADDRESS),
    TRUSTED_PROXIES: "127.0.0.1",
  });
});
afterAll(() => gateway.stop());

let addresses = 0;
/** Of somebody who comes from an address of their own, by a proxy. */
const elsewhere = () => ({ "x-forwarded-for": `192.0.2.${(addresses += 1)}` });

const areOpen = (count: number) =>
  eventually(() => {
    expect(gateway.connections.count).toBe(count);
    return Promise.resolve();
  });
afterEach(() => areOpen(0));

async function signedIn(secret: string) {
  const raw = await openRawSocket(gateway.url, { headers: elsewhere() });
  raw.send(initOf(secret));
  expect(await raw.next()).toEqual({ type: "connection_ack" });
  return raw;
}

/** How a handshake is answered that is not taken. */
const refusedHandshake = (headers: Record<string, string> = elsewhere()) =>
  new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const handshake = get(`${gateway.url}/graphql`, { headers: { ...upgrade, ...headers } });
    handshake.once("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    handshake.once("upgrade", () => reject(new Error("it was taken")));
    handshake.once("error", reject);
  });

it("one socket too many of a credential is closed, and others have theirs; one that closes makes room", async () => {
  const [mine, yours] = [await gateway.givenKey("USER_READ"), await gateway.givenKey("USER_READ")];
  const first = await signedIn(mine);
  const second = await signedIn(mine);
  const third = await openRawSocket(gateway.url, { headers: elsewhere() });
  third.send(initOf(mine));
  expect(await third.closed).toEqual({ code: 1013, reason: "Too many connections are open" });
  const other = await signedIn(yours);
  first.socket.close();
  await areOpen(2);
  const again = await signedIn(mine);
  for (const { socket } of [second, other, again]) socket.close();
});

it("a process that is full refuses handshakes and streams with the time to wait, and takes them when there is room", async () => {
  const sockets = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    sockets.push(await signedIn(await gateway.givenKey("USER_READ")));
  }
  const { status, headers } = await refusedHandshake();
  expect([status, headers["retry-after"]]).toEqual([503, "5"]);
  const stream = await openRawStream(gateway.url, await gateway.givenKey("USER_READ"), {
    headers: elsewhere(),
    body: { query: TABS },
  });
  expect([stream.status, stream.headers["retry-after"]]).toEqual([429, "5"]);
  await stream.rest();
  sockets.pop()?.socket.close();
  await areOpen(CONNECTIONS - 1);
  (await signedIn(await gateway.givenKey("USER_READ"))).socket.close();
  for (const { socket } of sockets) socket.close();
});

it("subscriptions of a socket cost points as other operations do", async () => {
  const secret = await gateway.givenKey("USER_READ");
  // One for the sign-in, one for the first, three for the second: one is left.
  const raw = await signedIn(secret);
  raw.send(subscribeTo("cheap", TABS), subscribeTo("costly", COSTLY));
  raw.send(subscribeTo("too much", COSTLY));
  const { id, type, payload } = await raw.next();
  expect([id, type]).toEqual(["too much", "error"]);
  const retryAfterSeconds = expect.any(Number) as number;
  expect(payload).toMatchObject([{ extensions: { code: "RATE_LIMITED", retryAfterSeconds } }]);
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.now).toBe(2);
    return Promise.resolve();
  });
  raw.socket.close();
  const late = await openRawSocket(gateway.url, { headers: elsewhere() });
  late.send(initOf(secret));
  expect((await late.closed).code).toBe(1013);
});

it("event streams cost points as other operations do, and tell how things stand", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const open = (query: string) =>
    openRawStream(gateway.url, secret, { headers: elsewhere(), body: { query } });
  for (const [query, left] of [
    [COSTLY, POINTS - 3],
    [TABS, POINTS - 4],
  ] as const) {
    const { status, headers, response } = await open(query);
    expect([status, headers.ratelimit]).toEqual([200, expect.stringContaining(`r=${left};`)]);
    response.destroy();
  }
  await areOpen(0);
  const refused = await open(COSTLY);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  await refused.rest();
});

it("handshakes count for the address, and are refused with the time to wait", async () => {
  const headers = elsewhere();
  for (let i = 0; i < PER_ADDRESS; i++) {
    (await openRawSocket(gateway.url, { headers })).socket.close();
  }
  const refused = await refusedHandshake(headers);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  (await openRawSocket(gateway.url, { headers: elsewhere() })).socket.close();
});
