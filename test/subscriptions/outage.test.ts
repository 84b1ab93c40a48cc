import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { system } from "../../src/domain/actor.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { initOf, openRawSocket, openSignedIn, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";
import { TcpProxy } from "../support/tcp-proxy.js";

const query = `subscription { tabRefreshed(tabId: "outage") { tabId } }`;

let gateway: TestGateway;
let proxy: TcpProxy;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway(async (url) => {
    const proxied = await TcpProxy.beforeUrl(url);
    proxy = proxied.proxy;
    // The output would be full of expected errors.
    return { DATABASE_URL: proxied.url, LOG_LEVEL: "silent" };
  });
  secret = await gateway.givenKey("USER_READ");
});
afterAll(async () => {
  await gateway.stop();
  await proxy.close();
});
afterEach(() => proxy.resume());

it("a socket that subscribes or authenticates while the database is unreachable is closed with 1013", async () => {
  const before = await openSignedIn(gateway.url, secret);
  const late = await openRawSocket(gateway.url);
  proxy.cut();
  before.send(subscribeTo("1", query));
  late.send(initOf(secret));
  expect([await before.closed, await late.closed]).toMatchObject([{ code: 1013 }, { code: 1013 }]);
  await expect(before.next()).rejects.toThrow("closed");
});

it("an event stream that is requested while the database is unreachable is refused with 503 and Retry-After", async () => {
  proxy.cut();
  const { status, headers, rest } = await openRawStream(gateway.url, secret, { body: { query } });
  expect([status, headers["retry-after"]]).toEqual([503, "1"]);
  expect(await rest()).toContain("SERVICE_UNAVAILABLE");
});

it("a graphql-ws client reconnects by itself after an outage, and receives the next event", async () => {
  let losses = 0;
  const client = createClient({
    url: `${gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryWait: () => sleep(10),
    on: {
      // After the authentication the database is unreachable, until a reconnect has failed.
      connected: () => {
        if (losses === 0) proxy.cut();
      },
      closed: () => {
        losses += 1;
        if (losses > 1) proxy.resume();
      },
    },
    retryAttempts: 1000,
  });
  const next = client.iterate({ query }).next();
  const refreshing = setInterval(() => {
    gateway.services.tabs.refresh(system("test"), { tabId: "outage" }).catch(() => undefined);
  }, 50);
  expect(await next).toMatchObject({ value: { data: { tabRefreshed: { tabId: "outage" } } } });
  clearInterval(refreshing);
  expect(losses).toBeGreaterThan(1);
  await client.dispose();
});
