import { connect } from "node:net";
import { system } from "../../src/domain/actor.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import {
  initOf,
  openRawSocket,
  openSignedIn,
  type RawSocket,
  subscribeTo,
} from "../support/raw-socket.js";

const TABS = `subscription ($tabId: String!) { tabRefreshed(tabId: $tabId) { tabId } }`;

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    GRAPHQL_MAX_BODY_BYTES: "4096",
    GRAPHQL_MAX_DEPTH: "4",
    GRAPHQL_MAX_ALIASES: "2",
    GRAPHQL_MAX_COST: "20",
    LIVE_SUBSCRIPTIONS_PER_SOCKET: "3",
  });
  secret = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

/** Sockets that take seconds to close. They are opened first, and the last tests check them. */
let idle: RawSocket;
let flooding: RawSocket;
let sent = 0;
beforeAll(async () => {
  idle = await openRawSocket(gateway.url);
  flooding = await openRawSocket(gateway.url);
  flooding.socket.pause();
  const ping = JSON.stringify({ type: "ping", payload: { x: "x".repeat(4000) } });
  // 40 MB.
  for (let i = 0; i < 10_000; i++) flooding.socket.send(ping, (error) => (sent += error ? 0 : 1));
});

const signedIn = () => openSignedIn(gateway.url, secret);
const refresh = (tabId: string) => gateway.services.tabs.refresh(system("test"), { tabId });
const subscribers = () => gateway.services.subscriptions.subscribers;

/** Resolves when this many subscriptions are open. */
const whenSubscribed = (count: number) =>
  eventually(() => {
    expect(subscribers().now).toBe(count);
    return Promise.resolve();
  });

async function closedBy(raw: RawSocket, ...messages: unknown[]): Promise<number> {
  raw.send(...messages);
  return (await raw.closed).code;
}

describe("the protocol", () => {
  it.each<[what: string, messages: unknown[], code: number]>([
    ["invalid JSON", ["{"], 4400],
    ["a message of an unknown type", [{ type: "start" }], 4400],
    ["a JSON array", ["[]"], 4400],
    ["deeply nested JSON", ["[".repeat(4000)], 4400],
    [
      "variables that are a list",
      [{ ...subscribeTo("1", TABS), payload: { query: TABS, variables: [] } }],
      4400,
    ],
    ["a subscription before connection_init", [subscribeTo("1", TABS)], 4401],
    ["connection_init without a credential", [{ type: "connection_init" }], 4401],
    ["an unknown API key", [initOf("nobody's")], 4401],
    [
      "a credential that is not a string",
      [{ type: "connection_init", payload: { authorization: { secret: "x" } } }],
      4401,
    ],
    [
      "a message above the size limit",
      [JSON.stringify({ type: "ping", payload: { x: "x".repeat(5000) } })],
      1009,
    ],
  ])("a socket that sends %s is closed", async (_, messages, code) => {
    expect(await closedBy(await openRawSocket(gateway.url), ...messages)).toBe(code);
  });

  it("a socket that sends connection_init twice is closed with 4429", async () => {
    expect(await closedBy(await signedIn(), initOf(secret))).toBe(4429);
    expect(await closedBy(await openRawSocket(gateway.url), initOf(secret), initOf(secret))).toBe(
      4429,
    );
  });

  it("a socket without a supported protocol is closed with 4406", async () => {
    const raw = await openRawSocket(gateway.url, { protocol: null });
    expect((await raw.closed).code).toBe(4406);
  });

  it("a socket authenticates by the Authorization header of its handshake", async () => {
    const raw = await openRawSocket(gateway.url, {
      headers: { authorization: `Bearer ${secret}` },
    });
    raw.send({ type: "connection_init" });
    expect(await raw.next()).toEqual({ type: "connection_ack" });
    raw.socket.close();
  });

  it("a ping is answered with a pong", async () => {
    const raw = await signedIn();
    raw.send({ type: "ping", payload: { n: 1 } }, { type: "pong" });
    expect(await raw.next()).toEqual({ type: "pong", payload: { n: 1 } });
    raw.socket.close();
  });
});

describe("subscriptions of a socket", () => {
  it.each([
    ["a property of Object.prototype", "__proto__"],
    ["another such property", "constructor"],
    ["thousands of characters", "x".repeat(3000)],
  ])("the id of a subscription may be %s", async (_, id) => {
    const raw = await signedIn();
    const before = subscribers().now;
    raw.send(subscribeTo(id, TABS, { tabId: "any" }));
    await whenSubscribed(before + 1);
    await refresh("any");
    const payload = { data: { tabRefreshed: { tabId: "any" } } };
    expect(await raw.next()).toEqual({ id, type: "next", payload });
    raw.send({ id, type: "complete" });
    await whenSubscribed(before);
    expect(
      await closedBy(raw, subscribeTo(id, TABS, { tabId: "any" }), subscribeTo(id, TABS)),
    ).toBe(4409);
    await whenSubscribed(before);
  });

  it("a socket that reuses an id before the first subscription has started is closed without open subscriptions", async () => {
    const raw = await signedIn();
    const before = subscribers();
    const again = [subscribeTo("1", TABS, { tabId: "a" }), { id: "1", type: "complete" }];
    raw.send(...again, ...again);
    expect((await raw.closed).code).toBe(4409);
    await eventually(() => {
      expect(subscribers().total).toBeGreaterThan(before.total);
      expect(subscribers().now).toBe(before.now);
      return Promise.resolve();
    });
  });

  it("a socket that closes while its subscriptions start leaves none of them open", async () => {
    const before = subscribers();
    const raw = await signedIn();
    raw.send(subscribeTo("1", TABS, { tabId: "a" }), subscribeTo("2", TABS, { tabId: "a" }));
    raw.socket.terminate();
    await eventually(() => {
      expect(subscribers()).toEqual({ now: before.now, total: before.total + 2 });
      return Promise.resolve();
    });
  });

  it("a subscription above the limit of its socket is refused until another one ends", async () => {
    const raw = await signedIn();
    const before = subscribers().now;
    const of = (id: string) => subscribeTo(id, TABS, { tabId: "limited" });
    raw.send(of("1"), of("2"), of("3"), of("4"));
    const refused = await raw.next();
    expect(refused).toMatchObject({ id: "4", type: "error" });
    expect(refused.payload).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    await whenSubscribed(before + 3);
    raw.send({ id: "2", type: "complete" });
    await whenSubscribed(before + 2);
    raw.send(of("5"));
    await whenSubscribed(before + 3);
    raw.socket.close();
    await whenSubscribed(before);
  });

  it.each<[what: string, query: string, error: object]>([
    [
      "too much depth",
      `subscription { userChanged { user { presence { status { name } } } } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "depth", limit: 4 } },
    ],
    [
      "too many aliases",
      `subscription { userChanged { a: cause b: cause c: cause } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "aliases", limit: 2 } },
    ],
    [
      "too high a cost",
      `subscription { userChanged { user { groups { id name } } } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "cost", limit: 20 } },
    ],
    [
      "an unknown field",
      `subscription { userChanged { caus } }`,
      { message: 'Cannot query field "caus" on type "UserEvent".' },
    ],
    [
      "two root fields",
      `subscription { userChanged { cause } tabRefreshed(tabId: "a") { tabId } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
    [
      "a root field with @include",
      `subscription ($no: Boolean!) { userChanged @include(if: $no) { cause } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
    [
      "a fragment with @skip at the root",
      `subscription { ...F } fragment F on Subscription { ... @skip(if: true) { userChanged { cause } } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
  ])(
    "a subscription with %s is refused over both transports, without suggestions",
    async (_, query, error) => {
      const raw = await signedIn();
      raw.send(subscribeTo("1", query));
      expect(await raw.next()).toMatchObject({ type: "error", payload: [error] });
      raw.socket.close();
      const response = await fetch(`${gateway.url}/graphql/stream`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
        body: JSON.stringify({ query }),
      });
      const [, data = ""] = /^event: next\ndata: (.*)$/m.exec(await response.text()) ?? [];
      expect(JSON.parse(data)).toMatchObject({ errors: [error] });
    },
  );
});

describe("a handshake", () => {
  const opening = (headers: Record<string, string>, path?: string) =>
    openRawSocket(gateway.url, { headers, path }).then((raw) => raw.socket.close());

  it("the handshake of a page of another site is refused with 403", async () => {
    for (const origin of ["https://evil.example", "null", `${gateway.url}.evil.example`]) {
      await expect(opening({ origin })).rejects.toThrow("403");
    }
  });

  it("the handshake of a page of the same host, or without an Origin, is accepted", async () => {
    await opening({ origin: gateway.url });
    await opening({});
  });

  it("a handshake at another path is refused with 404", async () => {
    for (const path of ["/", "/graphql/", "/graphql/stream", "/healthz"]) {
      await expect(opening({}, path)).rejects.toThrow("404");
    }
  });

  it("a refused handshake closes the connection even if the client keeps its side open", async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    const response: string[] = [];
    for await (const chunk of socket) response.push(String(chunk));
    expect(response.join("")).toMatch(/^HTTP\/1.1 404 /);
    // The client gets an error when it writes to the closed connection.
    await new Promise<void>((resolve) => {
      const writing = setInterval(() => socket.write("x"), 10);
      socket.once("error", () => {
        clearInterval(writing);
        resolve();
      });
    });
  });

  it("a request that offers an upgrade to HTTP/2 is served by HTTP/1.1", async () => {
    await givenUser(gateway);
    const { hostname, port } = new URL(gateway.url);
    const body = JSON.stringify({ query: "{ viewer { permissions } }" });
    const offer =
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    const post = `POST /graphql HTTP/1.1\r\nHost: x\r\n${offer}Content-Type: application/json\r\nAuthorization: Bearer ${secret}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\n${offer}\r\n`);
    const received = () => socket.read() as Buffer | null;
    const nextResponse = () =>
      eventually(() => {
        const response = received()?.toString();
        return response ? Promise.resolve(response) : Promise.reject(new Error("no response"));
      });
    expect(await nextResponse()).toMatch(/^HTTP\/1.1 200 /);
    // On the same connection, with a body in two packets.
    socket.write(post + body.slice(0, 5));
    socket.write(body.slice(5));
    expect(await nextResponse()).toContain(`{"data":{"viewer":{"permissions":["USER_READ"]}}`);
    socket.destroy();
  });
});

describe("slow sockets", () => {
  it("a socket without connection_init within five seconds is closed with 4408", async () => {
    expect((await idle.closed).code).toBe(4408);
  });

  it("a socket that sends without reading is paused, and then terminated", async () => {
    await flooding.closed;
    expect(sent).toBeLessThan(5000);
  });
});
