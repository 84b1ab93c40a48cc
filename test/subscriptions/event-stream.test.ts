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

/** Resolves when nothing is open and nobody follows. */
const whenAllHaveLeft = () =>
  eventually(() => {
    expect(gateway.connections.count).toBe(0);
    expect(gateway.services.subscriptions.subscribers.now).toBe(0);
    return Promise.resolve();
  });

it("an event stream begins at once, in words that no proxy keeps back", async () => {
  const stream = await open();
  expect(stream.status).toBe(200);
  expect(stream.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-request-id": expect.any(String) as string,
  });
  expect(await stream.read()).toBe(":\n\n");
  await gateway.services.tabs.refresh(system("test"), { tabId: "t" });
  const told = JSON.stringify({ data: { tabRefreshed: { tabId: "t" } } });
  expect(await stream.read()).toBe(`event: next\ndata: ${told}\n\n`);
  stream.request.destroy();
  await whenAllHaveLeft();
});

it("a subscription by GET is one as well", async () => {
  const stream = await open({ method: "GET", search: `?query=${encodeURIComponent(query)}` });
  expect(stream.status).toBe(200);
  stream.request.destroy();
  await whenAllHaveLeft();
});

it("a document that is refused is told in the stream, which is then complete", async () => {
  const stream = await open({ body: { query: "{ viewer { name } }" } });
  expect(await stream.rest()).toMatch(
    /^:\n\nevent: next\ndata: \{"errors":\[\{.*"code":"BAD_REQUEST".*\n\nevent: complete\ndata:\n\n$/,
  );
  await whenAllHaveLeft();
});

it.each<[what: string, status: number, options: RawStreamOptions, as?: null | "nobody's"]>([
  ["without a credential", 401, {}, null],
  ["with an unknown one", 401, {}, "nobody's"],
  ["with a form", 415, { headers: { "content-type": "text/plain" } }],
  ["that is no object", 400, { body: [{ query }] }],
  ["for another type of answer", 406, { headers: { accept: "application/json" } }],
  ["by PUT", 405, { method: "PUT" }],
  ["for the head alone", 405, { method: "HEAD" }],
  ["by GET from another site", 403, { method: "GET", headers: { origin: "https://evil.example" } }],
])("a request %s is refused with %i", async (_, status, options, as: string | null = secret) => {
  expect(await open(options, as)).toMatchObject({ status });
  await whenAllHaveLeft();
});

it.each(["text/event-stream", "text/html, text/*;q=0.5", "*/*"])(
  "%s is accepted",
  async (accept) => {
    const stream = await open({ headers: { accept } });
    expect(stream.status).toBe(200);
    stream.request.destroy();
    await whenAllHaveLeft();
  },
);

it("one too many of a credential is refused, with the time to wait; others have theirs", async () => {
  const streams = [await open(), await open()];
  const refused = await open();
  expect(refused.status).toBe(429);
  expect(refused.headers["retry-after"]).toBe("5");
  expect(await refused.rest()).toContain(`"code":"RATE_LIMITED"`);
  const other = await open({}, await gateway.givenKey("USER_READ"));
  expect(other.status).toBe(200);
  for (const { request } of [...streams, other]) request.destroy();
  await whenAllHaveLeft();
});

it("a client that goes away at any moment before it is told anything leaves nothing behind", async () => {
  const { total } = gateway.services.subscriptions.subscribers;
  // Some are late enough to be followers for a moment: how late that is depends on how fast the database answers.
  const wasFollowed = () => gateway.services.subscriptions.subscribers.total > total;
  for (let turns = 0; turns < 40 || !wasFollowed(); turns++) {
    const request = startRawStream(gateway.url, await gateway.givenKey("USER_READ"), {
      body: { query },
    });
    request.on("error", () => undefined);
    await new Promise((resolve) =>
      request.once("socket", (socket) => socket.once("connect", resolve)),
    );
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    request.destroy();
  }
  await whenAllHaveLeft();
});

it("permissions that are taken away while the request is still being sent do not hold in the stream", async () => {
  const { user, secret: session } = await givenSignedIn(gateway, "USER_READ");
  const body = JSON.stringify({ query: `subscription { userChanged { cause } }` });
  const request = startRawStream(gateway.url, session, {
    headers: { "content-length": String(body.length) },
    isUnfinished: true,
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    request.once("response", (response) => resolve(response.resume().statusCode));
    request.once("error", reject);
  });
  request.write(body.slice(0, 5));
  // Whoever it is, is known once the credential was used.
  await eventually(async () => {
    const [row] = await gateway.dataSource.query<{ used: boolean }[]>(
      `SELECT last_used_at IS NOT NULL AS used FROM login_sessions WHERE user_id = $1`,
      [user.id],
    );
    expect(row?.used).toBe(true);
  });
  await gateway.dataSource.query(`UPDATE users SET permissions = '{}' WHERE id = $1`, [user.id]);
  request.end(body.slice(5));
  expect(await answered).toBe(401);
  await whenAllHaveLeft();
});
