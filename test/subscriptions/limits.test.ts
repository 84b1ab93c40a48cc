import { get, type IncomingHttpHeaders } from "node:http";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { initOf, openRawSocket, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";

const [CONNECTIONS, PER_CREDENTIAL, POINTS, PER_ADDRESS] = [3, 2, 6, 5];
const TABS = `subscription { tabRefreshed(tabId: "any") { tabId } }`;
/** Costs one point, and two more by its selections. */
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
/** The headers of a client with an address of its own, behind a proxy. */
const newAddress = () => ({ "x-forwarded-for": `192.0.2.${(addresses += 1)}` });

const becomeOpen = (count: number) =>
  eventually(() => {
    expect(gateway.connections.count).toBe(count);
    return Promise.resolve();
  });
afterEach(() => becomeOpen(0));

async function signedIn(secret: string) {
  const raw = await openRawSocket(gateway.url, { headers: newAddress() });
  raw.send(initOf(secret));
  expect(await raw.next()).toEqual({ type: "connection_ack" });
  return raw;
}

/** The response to a refused handshake. */
const refusedHandshake = (headers: Record<string, string> = newAddress()) =>
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
    handshake.once("upgrade", () => reject(new Error("the handshake was accepted")));
    handshake.once("error", reject);
  });

it("a socket above the limit of its credential is closed until another one closes, and other credentials are not affected", async () => {
  const [mine, yours] = [await gateway.givenKey("USER_READ"), await gateway.givenKey("USER_READ")];
  const first = await signedIn(mine);
  const second = await signedIn(mine);
  const third = await openRawSocket(gateway.url, { headers: newAddress() });
  third.send(initOf(mine));
  expect(await third.closed).toEqual({ code: 1013, reason: "Too many connections are open" });
  const other = await signedIn(yours);
  first.socket.close();
  await becomeOpen(2);
  const again = await signedIn(mine);
  for (const { socket } of [second, other, again]) socket.close();
});

it("a process at its connection limit refuses handshakes and streams with Retry-After until a connection closes", async () => {
  const sockets = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    sockets.push(await signedIn(await gateway.givenKey("USER_READ")));
  }
  const { status, headers } = await refusedHandshake();
  expect([status, headers["retry-after"]]).toEqual([503, "5"]);
  const stream = await openRawStream(gateway.url, await gateway.givenKey("USER_READ"), {
    headers: newAddress(),
    body: { query: TABS },
  });
  expect([stream.status, stream.headers["retry-after"]]).toEqual([429, "5"]);
  await stream.rest();
  sockets.pop()?.socket.close();
  await becomeOpen(CONNECTIONS - 1);
  (await signedIn(await gateway.givenKey("USER_READ"))).socket.close();
  for (const { socket } of sockets) socket.close();
});

it("a subscription of a socket costs points of the rate limit by its cost, like other operations", async () => {
  const secret = await gateway.givenKey("USER_READ");
  // The authentication costs one point, the first subscription one, the second three: one is left.
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
  const late = await openRawSocket(gateway.url, { headers: newAddress() });
  late.send(initOf(secret));
  expect((await late.closed).code).toBe(1013);
});

it("an event stream costs points of the rate limit by its cost, and returns the points left", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const open = (query: string) =>
    openRawStream(gateway.url, secret, { headers: newAddress(), body: { query } });
  for (const [query, left] of [
    [COSTLY, POINTS - 3],
    [TABS, POINTS - 4],
  ] as const) {
    const { status, headers, response } = await open(query);
    expect([status, headers.ratelimit]).toEqual([200, expect.stringContaining(`r=${left};`)]);
    response.destroy();
  }
  await becomeOpen(0);
  const refused = await open(COSTLY);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  await refused.rest();
});

it("a handshake above the rate limit of its address is refused with Retry-After", async () => {
  const headers = newAddress();
  for (let i = 0; i < PER_ADDRESS; i++) {
    (await openRawSocket(gateway.url, { headers })).socket.close();
  }
  const refused = await refusedHandshake(headers);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  (await openRawSocket(gateway.url, { headers: newAddress() })).socket.close();
});
