import { request as httpRequest } from "node:http";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { contentsOf } from "./contents.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Sent {
  readonly method?: string;
  readonly query: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends the headers unchanged. `fetch` does not allow Origin and Sec-Fetch-Site. */
function send({
  method = "GET",
  query,
  headers,
  body,
}: Sent): Promise<[number, string | undefined]> {
  const search = method === "GET" ? `?query=${encodeURIComponent(query)}` : "";
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${gateway.url}/graphql${search}`,
      { method, headers: { authorization: `Bearer ${admin}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data?: unknown };
          resolve([response.statusCode ?? 0, data ? "answered" : undefined]);
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

const MUTATION = `mutation { createGroup(input: { name: "by stealth" }) { group { id } } }`;
const QUERY = `{ viewer { kind } }`;

const fetched = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
const image = { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
const typed = {
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-user": "?1",
};

/** The headers that browsers send with a GET, by the origin of the page. */
const own: [string, () => Record<string, string>][] = [
  ["a page of the gateway itself", () => ({ ...fetched, "sec-fetch-site": "same-origin" })],
  [
    "a page of a sister domain",
    () => ({ ...fetched, "sec-fetch-site": "same-site", origin: "https://app.example.com" }),
  ],
  ["an address that was typed", () => ({ ...typed, "sec-fetch-site": "none" })],
  ["an older browser, from the gateway itself", () => ({ origin: gateway.url })],
  ["no browser at all", () => ({})],
  ["Node", () => ({ "sec-fetch-mode": "cors" })],
];
const foreign: [string, Record<string, string>][] = [
  ["a script", { ...fetched, "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["an image", { ...image, "sec-fetch-site": "cross-site" }],
  ["a link", { ...typed, "sec-fetch-site": "cross-site" }],
  ["a page without an origin", { ...fetched, "sec-fetch-site": "cross-site", origin: "null" }],
  ["a script in an older browser", { origin: "https://evil.example" }],
  ["a page without an origin in an older browser", { origin: "null" }],
  ["a page of another port", { origin: "http://127.0.0.1:1" }],
];

describe("a query by GET", () => {
  it.each(own)("a query by GET is answered to %s", async (_, headers) => {
    expect(await send({ query: QUERY, headers: headers() })).toEqual([200, "answered"]);
  });

  it.each(foreign)("a query by GET is refused to %s of another site", async (_, headers) => {
    expect(await send({ query: QUERY, headers })).toEqual([403, undefined]);
  });

  it.each(["x-requested-by", "apollo-require-preflight", "x-apollo-operation-name"])(
    "a query by GET is answered to clients that send %s",
    async (header) => {
      for (const [, headers] of foreign) {
        const answer = await send({ query: QUERY, headers: { ...headers, [header]: "1" } });
        expect(answer).toEqual([200, "answered"]);
      }
    },
  );
});

describe("nothing is changed", () => {
  let before: unknown;
  beforeAll(async () => {
    before = await contentsOf(gateway.dataSource);
  });
  afterEach(async () => {
    expect(await contentsOf(gateway.dataSource)).toEqual(before);
  });

  it("a mutation over GET is refused and changes nothing", async () => {
    for (const [, headers] of own) {
      expect(await send({ query: MUTATION, headers: headers() })).toEqual([405, undefined]);
    }
    for (const [, headers] of foreign) {
      expect(await send({ query: MUTATION, headers })).toEqual([403, undefined]);
      const letIn = { ...headers, "x-requested-by": "1" };
      expect(await send({ query: MUTATION, headers: letIn })).toEqual([405, undefined]);
    }
  });

  const json = JSON.stringify({ query: MUTATION });
  const form = new URLSearchParams({ query: MUTATION }).toString();
  const part = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json}\r\n--x--\r\n`;

  it.each([
    ["a form", "application/x-www-form-urlencoded", form],
    ["a form with files", "multipart/form-data; boundary=x", part],
    ["a form that looks like JSON", "text/plain", `{"query":${JSON.stringify(MUTATION)},"x":"="}`],
    ["JSON that is called a form", "application/x-www-form-urlencoded", json],
    ["JSON that is called text", "text/plain;charset=UTF-8", json],
    ["JSON that is called two types", "text/plain, application/json", json],
    ["JSON that is called GraphQL", "application/graphql", json],
    ["JSON of no type", "", json],
    ["JSON in another encoding", "application/json; charset=utf-16", json],
  ])("a mutation by POST with %s changes nothing", async (_, contentType, body) => {
    const headers = contentType === "" ? undefined : { "content-type": contentType };
    const answer = await send({ method: "POST", query: MUTATION, headers, body });
    expect(answer).toEqual([415, undefined]);
  });

  it("a compressed body is refused and changes nothing", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const answer = await send({ method: "POST", query: MUTATION, headers, body: json });
    expect(answer).toEqual([415, undefined]);
  });

  it("a batched request is refused and changes nothing", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await send({ method: "POST", query: MUTATION, headers, body: `[${json}]` });
    expect(answer).toEqual([400, undefined]);
  });
});
