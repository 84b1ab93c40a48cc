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

/** What takes seconds by itself goes on while the other tests run; the last ones look at it. */
let idle: RawSocket;
let flooding: RawSocket;
let taken = 0;
beforeAll(async () => {
  idle = await openRawSocket(gateway.url);
  flooding = await openRawSocket(gateway.url);
  flooding.socket.pause();
  const ping = JSON.stringify({ type: "ping", payload: { x: "x".repeat(4000) } });
  // 40 MB.
  for (let i = 0; i < 10_000; i++) flooding.socket.send(ping, (error) => (taken += error ? 0 : 1));
});

const signedIn = () => openSignedIn(gateway.url, secret);
const refresh = (tabId: string) => gateway.services.tabs.refresh(system("test"), { tabId });
const followers = () => gateway.services.subscriptions.subscribers;

/** Resolves when so many follow. */
const whenFollowing = (count: number) =>
  eventually(() => {
    expect(followers().now).toBe(count);
    return Promise.resolve();
  });

async function closedBy(raw: RawSocket, ...messages: unknown[]): Promise<number> {
  raw.send(...messages);
  return (await raw.closed).code;
}

describe("a socket", () => {
  it.each<[what: string, messages: unknown[], code: number]>([
    ["no JSON", ["{"], 4400],
    ["an unknown type", [{ type: "start" }], 4400],
    ["a list", ["[]"], 4400],
    ["deep nonsense", ["[".repeat(4000)], 4400],
    [
      "variables that are a list",
      [{ ...subscribeTo("1", TABS), payload: { query: TABS, variables: [] } }],
      4400,
    ],
    ["a subscription before it has signed in", [subscribeTo("1", TABS)], 4401],
    ["a sign-in without a credential", [{ type: "connection_init" }], 4401],
    ["an unknown key", [initOf("nobody's")], 4401],
    [
      "a credential that is no text",
      [{ type: "connection_init", payload: { authorization: { secret: "x" } } }],
      4401,
    ],
    [
      "more than a message may have",
      [JSON.stringify({ type: "ping", payload: { x: "x".repeat(5000) } })],
      1009,
    ],
  ])("that sends %s is closed", async (_, messages, code) => {
    expect(await closedBy(await openRawSocket(gateway.url), ...messages)).toBe(code);
  });

  it("that signs in twice is closed", async () => {
    expect(await closedBy(await signedIn(), initOf(secret))).toBe(4429);
    expect(await closedBy(await openRawSocket(gateway.url), initOf(secret), initOf(secret))).toBe(
      4429,
    );
  });

  it("of another protocol is closed", async () => {
    const raw = await openRawSocket(gateway.url, { protocol: null });
    expect((await raw.closed).code).toBe(4406);
  });

  it("may sign in by a header of the handshake", async () => {
    const raw = await openRawSocket(gateway.url, {
      headers: { authorization: `Bearer ${secret}` },
    });
    raw.send({ type: "connection_init" });
    expect(await raw.next()).toEqual({ type: "connection_ack" });
    raw.socket.close();
  });

  it("is answered when it pings", async () => {
    const raw = await signedIn();
    raw.send({ type: "ping", payload: { n: 1 } }, { type: "pong" });
    expect(await raw.next()).toEqual({ type: "pong", payload: { n: 1 } });
    raw.socket.close();
  });
});

describe("subscriptions of a socket", () => {
  it.each([
    ["a word of JavaScript", "__proto__"],
    ["another one", "constructor"],
    ["thousands of characters", "x".repeat(3000)],
  ])("may be called by %s", async (_, id) => {
    const raw = await signedIn();
    const before = followers().now;
    raw.send(subscribeTo(id, TABS, { tabId: "any" }));
    await whenFollowing(before + 1);
    await refresh("any");
    const payload = { data: { tabRefreshed: { tabId: "any" } } };
    expect(await raw.next()).toEqual({ id, type: "next", payload });
    raw.send({ id, type: "complete" });
    await whenFollowing(before);
    expect(
      await closedBy(raw, subscribeTo(id, TABS, { tabId: "any" }), subscribeTo(id, TABS)),
    ).toBe(4409);
    await whenFollowing(before);
  });

  it("leave nothing behind when an id is taken again before its subscription has begun", async () => {
    const raw = await signedIn();
    const before = followers();
    const again = [subscribeTo("1", TABS, { tabId: "a" }), { id: "1", type: "complete" }];
    raw.send(...again, ...again);
    expect((await raw.closed).code).toBe(4409);
    await eventually(() => {
      expect(followers().total).toBeGreaterThan(before.total);
      expect(followers().now).toBe(before.now);
      return Promise.resolve();
    });
  });

  it("leave nothing behind when the socket closes while they begin", async () => {
    const before = followers();
    const raw = await signedIn();
    raw.send(subscribeTo("1", TABS, { tabId: "a" }), subscribeTo("2", TABS, { tabId: "a" }));
    raw.socket.terminate();
    await eventually(() => {
      expect(followers()).toEqual({ now: before.now, total: before.total + 2 });
      return Promise.resolve();
    });
  });

  it("are bounded in number, and one that ends makes room", async () => {
    const raw = await signedIn();
    const before = followers().now;
    const of = (id: string) => subscribeTo(id, TABS, { tabId: "bounded" });
    raw.send(of("1"), of("2"), of("3"), of("4"));
    const refused = await raw.next();
    expect(refused).toMatchObject({ id: "4", type: "error" });
    expect(refused.payload).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    await whenFollowing(before + 3);
    raw.send({ id: "2", type: "complete" });
    await whenFollowing(before + 2);
    raw.send(of("5"));
    await whenFollowing(before + 3);
    raw.socket.close();
    await whenFollowing(before);
  });

  it.each<[what: string, query: string, told: object]>([
    [
      "depth",
      `subscription { userChanged { user { presence { status { name } } } } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "depth", limit: 4 } },
    ],
    [
      "aliases",
      `subscription { userChanged { a: cause b: cause c: cause } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "aliases", limit: 2 } },
    ],
    [
      "cost",
      `subscription { userChanged { user { groups { id name } } } }`,
      { extensions: { code: "OPERATION_TOO_LARGE", bound: "cost", limit: 20 } },
    ],
    [
      "the schema, and nothing is suggested",
      `subscription { userChanged { caus } }`,
      { message: 'Cannot query field "caus" on type "UserEvent".' },
    ],
    [
      "one field",
      `subscription { userChanged { cause } tabRefreshed(tabId: "a") { tabId } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
    [
      "one field that cannot be left out",
      `subscription ($no: Boolean!) { userChanged @include(if: $no) { cause } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
    [
      "one field that is there",
      `subscription { ...F } fragment F on Subscription { ... @skip(if: true) { userChanged { cause } } }`,
      { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
    ],
  ])("are within the bound of %s, over both transports", async (_, query, told) => {
    const raw = await signedIn();
    raw.send(subscribeTo("1", query));
    expect(await raw.next()).toMatchObject({ type: "error", payload: [told] });
    raw.socket.close();
    const response = await fetch(`${gateway.url}/graphql/stream`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query }),
    });
    const [, data = ""] = /^event: next\ndata: (.*)$/m.exec(await response.text()) ?? [];
    expect(JSON.parse(data)).toMatchObject({ errors: [told] });
  });
});

describe("a handshake", () => {
  const opening = (headers: Record<string, string>, path?: string) =>
    openRawSocket(gateway.url, { headers, path }).then((raw) => raw.socket.close());

  it("of another site's page is refused", async () => {
    for (const origin of ["https://evil.example", "null", `${gateway.url}.evil.example`]) {
      await expect(opening({ origin })).rejects.toThrow("403");
    }
  });

  it("of a page of the same host, and of no page, is not", async () => {
    await opening({ origin: gateway.url });
    await opening({});
  });

  it("at another path is refused", async () => {
    for (const path of ["/", "/graphql/", "/graphql/stream", "/healthz"]) {
      await expect(opening({}, path)).rejects.toThrow("404");
    }
  });

  it("that is refused leaves no connection, even if the client keeps its side", async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.write(
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    const answer: string[] = [];
    for await (const chunk of socket) answer.push(String(chunk));
    expect(answer.join("")).toMatch(/^HTTP\/1.1 404 /);
    // What is still written to it is refused.
    await new Promise<void>((resolve) => {
      const writing = setInterval(() => socket.write("x"), 10);
      socket.once("error", () => {
        clearInterval(writing);
        resolve();
      });
    });
  });

  it("for HTTP/2, which some clients offer with every request, is answered as the request that it is", async () => {
    await givenUser(gateway);
    const { hostname, port } = new URL(gateway.url);
    const body = JSON.stringify({ query: "{ viewer { permissions } }" });
    const offer =
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    const post = `POST /graphql HTTP/1.1\r\nHost: x\r\n${offer}Content-Type: application/json\r\nAuthorization: Bearer ${secret}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\n${offer}\r\n`);
    const heard = () => socket.read() as Buffer | null;
    const answerOf = () =>
      eventually(() => {
        const answer = heard()?.toString();
        return answer ? Promise.resolve(answer) : Promise.reject(new Error("no answer"));
      });
    expect(await answerOf()).toMatch(/^HTTP\/1.1 200 /);
    // On the same connection, and with a body that comes in pieces.
    socket.write(post + body.slice(0, 5));
    socket.write(body.slice(5));
    expect(await answerOf()).toContain(`{"data":{"viewer":{"permissions":["USER_READ"]}}`);
    socket.destroy();
  });
});

describe("in the end a socket is closed", () => {
  it("that has not signed in within five seconds", async () => {
    expect((await idle.closed).code).toBe(4408);
  });

  it("that asks more than it reads, of which no more is taken than the network between them holds", async () => {
    await flooding.closed;
    expect(taken).toBeLessThan(5000);
  });
});
