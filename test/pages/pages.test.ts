import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { get, type IncomingHttpHeaders, request } from "node:http";
import { parse, validate } from "graphql";
import { explorerExamples } from "../../src/pages/explorer-examples.js";
import { createSchema } from "../../src/resolvers/schema.js";
import { type BannerFacts, startupBanner } from "../../src/startup/banner.js";
import { build, BUILD_MS } from "../support/build.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const FROM_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PAGES = ["/graphql", "/board", "/docs"];

let gateway: TestGateway;
// In production too: the pages hold no data.
beforeAll(async () => {
  await build();
  gateway = await startTestGateway({ NODE_ENV: "production" });
}, BUILD_MS);
afterAll(() => gateway.stop());

const visit = (path: string, accept = FROM_BROWSER) =>
  fetch(`${gateway.url}${path}`, { headers: { accept }, redirect: "manual" });

/** The addresses that a page loads by itself. */
const loadedBy = (html: string): string[] =>
  [...html.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].flatMap(([, address = ""]) =>
    address.startsWith("data:") ? [] : [address],
  );

describe("/graphql", () => {
  it("/graphql serves browsers the explorer, without data", async () => {
    const response = await visit("/graphql");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("vary")).toBe("accept");
    const html = await response.text();
    expect(html).toContain("<title>Rollcall: GraphQL</title>");
    expect(html).not.toContain("rollcall_key_");
  });

  it.each([
    ["a client that takes anything", "*/*"],
    ["a client of GraphQL", "application/graphql-response+json, application/json;q=0.9"],
    ["a client that takes a page as well", "application/json, text/html;q=0.5"],
  ])("/graphql answers %s with JSON", async (_who, accept) => {
    const { headers } = await visit("/graphql", accept);
    expect(headers.get("content-type")).toContain("json");
  });

  it("/graphql answers a query in the URL for browsers too", async () => {
    const response = await visit("/graphql?query={__typename}");
    expect(await response.json()).toMatchObject({ data: { __typename: "Query" } });
  });

  it("playground paths redirect to /graphql", async () => {
    const { status, headers } = await visit("/playground");
    expect([status, headers.get("location")]).toEqual([302, "graphql"]);
  });
});

describe.each(PAGES)("the page %s", (path) => {
  it("the page runs only scripts with its fresh nonce and connects only to this gateway", async () => {
    const [one, other] = await Promise.all([visit(path), visit(path)]);
    const nonces = [one, other].map(
      ({ headers }) =>
        /script-src 'nonce-([^']+)';/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "",
    );
    expect(new Set(nonces).size).toBe(2);
    expect(one.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(one.headers.get("content-security-policy")).toContain("connect-src 'self'");
    expect(one.headers.get("x-frame-options")).toBe("DENY");

    const html = await one.text();
    const scripts = [...html.matchAll(/<script ([^>]*)>/g)].map(
      ([, attributes = ""]) => attributes,
    );
    expect(scripts.length).toBeGreaterThan(2);
    for (const attributes of scripts) {
      const isData = attributes.startsWith(`type="application/json"`);
      expect(isData || attributes.endsWith(`nonce="${nonces[0]}"`)).toBe(true);
    }
    for (const address of loadedBy(html))
      expect(address).toMatch(/^assets\/[\w./-]+\?v=[\w-]{22}$/);
  });

  it("the page's files are compressed, immutable and equal in every encoding", async () => {
    const html = await (await visit(path)).text();
    let sent = 0;
    for (const address of loadedBy(html)) {
      const plain = await load(address, "identity");
      const brotli = await load(address, "gzip, deflate, br, zstd");
      const gzip = await load(address, "gzip");
      expect(plain.headers["content-encoding"]).toBeUndefined();
      expect(brotli.headers["content-encoding"]).toBe("br");
      expect(gzip.headers["content-encoding"]).toBe("gzip");
      expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
      expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
      expect(brotli.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(plain.headers["content-type"]).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(plain.headers["x-content-type-options"]).toBe("nosniff");
      sent += brotli.body.length;
    }
    // The limit that docs/pages.md states.
    expect(sent).toBeLessThan(750_000);
  });

  it.each(["POST", "PUT", "DELETE"])(
    "the page and its files do not exist for %s",
    async (method) => {
      const html = await (await visit(path)).text();
      const addresses = loadedBy(html).slice(0, 1);
      // POST /graphql is GraphQL's.
      if (path !== "/graphql") addresses.push(path.slice(1));
      for (const address of addresses) {
        const { status, headers } = await fetch(`${gateway.url}/${address}`, { method });
        expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      }
    },
  );
});

it("a file without a content hash is revalidated and sent when it changed", async () => {
  const first = await load("assets/credential.js", "br");
  const { etag = "" } = first.headers;
  expect(first.headers["cache-control"]).toBe("no-cache");
  const known = await load("assets/credential.js", "br", { "if-none-match": etag });
  expect([known.status, known.body.length]).toEqual([304, 0]);
  const elsewise = await load("assets/credential.js", "gzip", { "if-none-match": etag });
  expect(elsewise.status).toBe(200);
  const stale = await load("assets/credential.js?v=of-another-version", "br");
  expect(stale.headers["cache-control"]).toBe("no-cache");
});

it.each(["/graphql", "/docs", "/assets/page.css"])(
  "HEAD %s returns headers without a body",
  async (path) => {
    const sent = request(`${gateway.url}${path}`, {
      method: "HEAD",
      headers: { accept: "text/html" },
    });
    const { statusCode, headers } = await new Promise<{
      statusCode?: number;
      headers: IncomingHttpHeaders;
    }>((resolve, reject) => sent.once("response", resolve).once("error", reject).end());
    expect(statusCode).toBe(200);
    expect(Number(headers["content-length"])).toBeGreaterThan(100);
  },
);

it("the explorer's examples fit the schema", () => {
  const schema = createSchema();
  const faults = explorerExamples.flatMap((query) => validate(schema, parse(query)));
  expect(faults).toEqual([]);
  expect(explorerExamples).toHaveLength(5);
});

describe("npm start", () => {
  const facts = { host: "127.0.0.1", port: 4000, dataDir: "/data", demoKey: "rollcall_key_x" };
  const printed = (more: Partial<BannerFacts>) =>
    startupBanner({
      ...facts,
      pages: { explorer: true, board: true, restReference: true },
      ...more,
    });

  it("npm start prints the pages' addresses, in the demo with the key in the fragment", () => {
    expect(printed({})).toContain("Explorer http://localhost:4000/graphql#key=rollcall_key_x\n");
    expect(printed({})).toContain("Board    http://localhost:4000/board#key=rollcall_key_x\n");
    expect(printed({})).toContain("REST     http://localhost:4000/docs#key=rollcall_key_x\n");
    expect(printed({ demoKey: null })).toContain("Explorer http://localhost:4000/graphql\n");
  });

  it("npm start does not print disabled pages", () => {
    const lines = printed({ pages: { explorer: false, board: false, restReference: false } });
    expect(lines).not.toMatch(/Explorer|Board|REST|#key/);
  });
});

describe("what is switched off", () => {
  it.each([
    [
      { GRAPHQL_EXPLORER: "false" },
      { "/playground": 404, "/board": 200, "/docs": 200, "/assets/page.css": 200 },
    ],
    [
      { REST_REFERENCE: "false" },
      { "/playground": 302, "/board": 200, "/docs": 404, "/assets/page.css": 200 },
    ],
    [
      { GRAPHQL_EXPLORER: "false", PRESENCE_BOARD: "false", REST_REFERENCE: "false" },
      { "/playground": 404, "/board": 404, "/docs": 404, "/assets/page.css": 404 },
    ],
  ])("disabled pages do not exist: %j", async (environment, expected) => {
    await gateway.stop();
    gateway = await startTestGateway(environment);
    const paths = Object.keys(expected);
    const statuses = await Promise.all(paths.map(async (path) => (await visit(path)).status));
    expect(Object.fromEntries(paths.map((path, i) => [path, statuses[i]]))).toEqual(expected);

    const response = await visit("/graphql");
    const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
    expect(isPage).toBe(!("GRAPHQL_EXPLORER" in environment));
    if (isPage) expect(await response.text()).not.toContain(`href="docs"`);
  });
});

/** Requests without decoding: `fetch` would decode the content encodings. */
function load(
  address: string,
  encoding: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const options = { headers: { "accept-encoding": encoding, ...headers } };
    get(`${gateway.url}/${address}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    }).once("error", reject);
  });
}
