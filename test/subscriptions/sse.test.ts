import { system } from "../../src/domain/actor.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn } from "../support/given.js";
import { openRawStream, type RawStreamOptions, startRawStream } from "../support/raw-stream.js";

const query = `subscription { tabRefreshed(tabId: "t") { tabId } }`;

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway({ LIVE_CONNECTIONS_PER_CREDENTIAL: "2" });
  secret = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const open = (options: RawStreamOptions = {}, as: string | null = secret) =>
  openRawStream(gateway.url, as, { body: { query }, ...options });

/** Resolves when no connection and no subscription is open. */
const whenAllClosed = () =>
  eventually(() => {
    expect(gateway.connections.count).toBe(0);
    expect(gateway.services.subscriptions.subscribers.now).toBe(0);
    return Promise.resolve();
  });

it("an event stream starts immediately, with headers that keep proxies from buffering it", async () => {
  const stream = await open();
  expect(stream.status).toBe(200);
  expect(stream.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-request-id": expect.any(String) as string,
  });
  expect(await stream.read()).toBe(":\n\n");
  await gateway.services.tabs.refresh(system("test"), { tabId: "t" });
  const result = JSON.stringify({ data: { tabRefreshed: { tabId: "t" } } });
  expect(await stream.read()).toBe(`event: next\ndata: ${result}\n\n`);
  stream.request.destroy();
  await whenAllClosed();
});

it("a GET request with a subscription opens an event stream", async () => {
  const stream = await open({ method: "GET", search: `?query=${encodeURIComponent(query)}` });
  expect(stream.status).toBe(200);
  stream.request.destroy();
  await whenAllClosed();
});

it("an event stream with a refused document sends the errors and completes", async () => {
  const stream = await open({ body: { query: "{ viewer { name } }" } });
  expect(await stream.rest()).toMatch(
    /^:\n\nevent: next\ndata: \{"errors":\[\{.*"code":"BAD_REQUEST".*\n\nevent: complete\ndata:\n\n$/,
  );
  await whenAllClosed();
});

it.each<[what: string, status: number, options: RawStreamOptions, as?: null | "nobody's"]>([
  ["without a credential", 401, {}, null],
  ["with an unknown credential", 401, {}, "nobody's"],
  ["with a body that is not JSON", 415, { headers: { "content-type": "text/plain" } }],
  ["whose body is a list", 400, { body: [{ query }] }],
  ["that accepts only JSON", 406, { headers: { accept: "application/json" } }],
  ["by PUT", 405, { method: "PUT" }],
  ["by HEAD", 405, { method: "HEAD" }],
  ["by GET from another site", 403, { method: "GET", headers: { origin: "https://evil.example" } }],
])(
  "a request for an event stream %s is refused with %i",
  async (_, status, options, as: string | null = secret) => {
    expect(await open(options, as)).toMatchObject({ status });
    await whenAllClosed();
  },
);

it.each(["text/event-stream", "text/html, text/*;q=0.5", "*/*"])(
  "a request with `Accept: %s` opens an event stream",
  async (accept) => {
    const stream = await open({ headers: { accept } });
    expect(stream.status).toBe(200);
    stream.request.destroy();
    await whenAllClosed();
  },
);

it("an event stream above the limit of its credential is refused with Retry-After, and another credential is not", async () => {
  const streams = [await open(), await open()];
  const refused = await open();
  expect(refused.status).toBe(429);
  expect(refused.headers["retry-after"]).toBe("5");
  expect(await refused.rest()).toContain(`"code":"RATE_LIMITED"`);
  const other = await open({}, await gateway.givenKey("USER_READ"));
  expect(other.status).toBe(200);
  for (const { request } of [...streams, other]) request.destroy();
  await whenAllClosed();
});

it("a client that disconnects before the first event leaves no connection and no subscription open", async () => {
  const { total } = gateway.services.subscriptions.subscribers;
  // At least one disconnects after it has subscribed; when that is depends on the speed of the database.
  const hasSubscribed = () => gateway.services.subscriptions.subscribers.total > total;
  for (let ticks = 0; ticks < 40 || !hasSubscribed(); ticks++) {
    const request = startRawStream(gateway.url, await gateway.givenKey("USER_READ"), {
      body: { query },
    });
    request.on("error", () => undefined);
    await new Promise((resolve) =>
      request.once("socket", (socket) => socket.once("connect", resolve)),
    );
    for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate);
    request.destroy();
  }
  await whenAllClosed();
});

it("a request is refused when its permissions are revoked before its body has arrived", async () => {
  const { user, secret: session } = await givenSignedIn(gateway, "USER_READ");
  const body = JSON.stringify({ query: `subscription { userChanged { cause } }` });
  const request = startRawStream(gateway.url, session, {
    headers: { "content-length": String(body.length) },
    isUnfinished: true,
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.once("response", (response) => resolve(response.resume().statusCode));
    request.once("error", reject);
  });
  request.write(body.slice(0, 5));
  // The request is authenticated once the use of its credential is recorded.
  await eventually(async () => {
    const [row] = await gateway.dataSource.query<{ used: boolean }[]>(
      `SELECT last_used_at IS NOT NULL AS used FROM login_sessions WHERE user_id = $1`,
      [user.id],
    );
    expect(row?.used).toBe(true);
  });
  await gateway.dataSource.query(`UPDATE users SET permissions = '{}' WHERE id = $1`, [user.id]);
  request.end(body.slice(5));
  expect(await status).toBe(401);
  await whenAllClosed();
});
