import { request } from "node:http";
import * as fc from "fast-check";
import { loadConfig } from "../../src/config/schema.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import type { Dialect, LegacyRoute } from "../../src/legacy-rest/dialect.js";
import { dialects } from "../../src/legacy-rest/index.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const { legacy } = loadConfig({});

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway({ ROCKET_CHAT_CALLS_PER_MINUTE: "1000000" });
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Sent {
  readonly segment: string;
  readonly query: readonly (readonly [string, string])[];
  readonly contentType: string;
  readonly body: string;
  readonly header: string;
  readonly withKey: boolean;
}

/** Common mistakes of people and programs, and arbitrary text. */
const text = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "null",
    "UID",
    "'",
    '"',
    "%",
    "\u0000",
    "é",
    "true",
    "[1]",
    "{}",
    "1e9",
  ),
  fc.constantFrom(
    "99999999999999999999",
    "2147483648",
    "__proto__",
    "constructor",
    "<b>",
    "' OR 1=1",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.integer().map(String),
);

/** Fields of all dialects, so that garbage passes the check for required fields. */
const field = fc.oneof(
  fc.constantFrom("userID", "id", "username", "user", "password", "state", "statusID", "status"),
  fc.constantFrom("campaign", "viewID", "newValue", "maxChats", "statistic", "tabID", "ids", "uid"),
  fc.constantFrom(
    "query",
    "sort",
    "count",
    "offset",
    "itemLimit",
    "itemStart",
    "email",
    "groups[]",
  ),
  text,
);

const jsonBody = fc
  .oneof(fc.jsonValue(), fc.dictionary(field, fc.oneof(text, fc.jsonValue(), fc.integer())))
  .map((value) => JSON.stringify(value));
const formBody = fc
  .array(fc.tuple(field, text), { maxLength: 6 })
  .map((pairs) =>
    new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString(),
  );

const sent: fc.Arbitrary<Sent> = fc.record({
  segment: text.filter((value) => value !== "" && value !== "." && value !== ".."),
  query: fc.array(fc.tuple(field, text), { maxLength: 5 }),
  contentType: fc.constantFrom(
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/html",
    "",
  ),
  body: fc.oneof(
    jsonBody,
    formBody,
    text,
    formBody.map((form) => `"${form}"`),
  ),
  header: fc.string({ unit: fc.constantFrom(..."abcXYZ019 ._-=:/+"), maxLength: 30 }),
  withKey: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** Uses no `fetch`, which refuses to send some of this. */
function send(dialect: Dialect, route: LegacyRoute, garbage: Sent): Promise<Answer> {
  const path = route.path
    .replace(/:clientsId/, "1")
    .replace(/:\w+/g, () => encodeURIComponent(garbage.segment));
  const query = garbage.query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const address = `${gateway.url}${dialect.basePath(legacy)}${path}${query ? `?${query}` : ""}`;
  const credentials = garbage.withKey
    ? { apikey: key, authorization: `Bearer ${key}`, "x-auth-token": key, "x-user-id": "anybody" }
    : { apikey: garbage.header, authorization: garbage.header, "x-auth-token": garbage.header };
  return new Promise((resolve, reject) => {
    const headers = { ...credentials, "content-type": garbage.contentType };
    const outgoing = request(address, { method: route.method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(route.method === "GET" ? undefined : garbage.body);
  });
}

const routes = dialects.flatMap((dialect) =>
  dialect.routes.map(
    (route) => [`${dialect.title} ${route.method} ${route.path}`, dialect, route] as const,
  ),
);

it.each(routes)(
  "%s: garbage receives the dialect's own error, never a 5xx or HTML",
  async (_name, dialect, route) => {
    await fc.assert(
      fc.asyncProperty(sent, async (garbage) => {
        const { status, type, body } = await send(dialect, route, garbage);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
        if (body === "") return;
        expect(type).toBe(dialect.contentType);
        expect(() => JSON.parse(body) as unknown).not.toThrow();
        expect(body).not.toMatch(/<html|select |violates|node_modules|\.ts:\d/i);
      }),
      { numRuns: 60 },
    );
  },
);
