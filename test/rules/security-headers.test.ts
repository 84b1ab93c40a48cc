import { connect } from "node:net";
import { pageHeaders } from "../../src/http/security-headers.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const expected = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Headers that reveal the software to an attacker. */
const telling = ["server", "x-powered-by", "x-aspnet-version", "via", "x-generator"];

const post = (body: string, type = "application/json"): RequestInit => ({
  method: "POST",
  headers: { "content-type": type },
  body,
});
const subscription = JSON.stringify({ query: "subscription { presenceChanged { cause } }" });

const [GET, UPGRADE] = [
  "GET /graphql HTTP/1.1\r\nHost: x\r\n",
  "Connection: Upgrade\r\nUpgrade: websocket\r\n",
];
const HANDSHAKE = `${GET}${UPGRADE}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;

it.each<[what: string, status: number, sent: string]>([
  ["a handshake of another site's page", 403, `${HANDSHAKE}Origin: https://evil.example\r\n\r\n`],
  ["an invalid handshake", 400, `${GET}${UPGRADE}Sec-WebSocket-Version: 1\r\n\r\n`],
  ["a request that is not HTTP", 400, "nonsense\r\n\r\n"],
  ["a request with endless headers", 431, `${GET}X: ${"x".repeat(20_000)}\r\n\r\n`],
])(
  "%s receives status %i with the security headers and closes the connection",
  async (_, status, sent) => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) }).setEncoding("latin1");
    socket.write(sent);
    let answer = "";
    for await (const chunk of socket) answer += chunk as string;
    const [line = "", ...lines] = answer.trimEnd().split("\r\n");
    expect(line).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const headers = Object.fromEntries(lines.map((header) => header.split(/: (.*)/, 2)));
    expect(headers).toMatchObject({ ...expected, connection: "close", "content-length": "0" });
  },
);

describe("the headers of a response", () => {
  it.each<[string, number, string, RequestInit?]>([
    ["GraphQL", 200, "/graphql", post(`{ "query": "{ viewer { kind } }" }`)],
    ["GraphQL that does not parse", 400, "/graphql", post(`{ "query": "{" }`)],
    ["GraphQL in a form", 415, "/graphql", post("query={viewer{kind}}", "text/plain")],
    ["GraphQL with Accept: image/png", 406, "/graphql", { headers: { accept: "image/png" } }],
    ["GraphQL without a key", 401, "/graphql", { headers: { authorization: "" } }],
    ["an event stream", 200, "/graphql/stream", post(subscription)],
    ["an event stream by PUT", 405, "/graphql/stream", { method: "PUT" }],
    ["Clientexec", 200, "/api/users/usersonline"],
    ["Rocket.Chat", 401, "/api/v1/users.list"],
    ["jtel", 200, "/rest/v1.0/1/users"],
    ["jtel, an unknown path", 404, "/rest/v1.0/1/nothing"],
    ["Omnidesk", 401, "/api/v2/user"],
    ["openapi.json", 200, "/openapi.json"],
    ["healthz", 200, "/healthz"],
    ["readyz", 200, "/readyz"],
    ["an unknown path", 404, "/wp-login.php"],
  ])("%s (%i) carries the security headers", async (_, status, path, init = {}) => {
    const stop = new AbortController();
    const { headers, status: seen } = await fetch(gateway.url + path, {
      signal: stop.signal,
      ...init,
      headers: { authorization: `Bearer ${admin}`, ...(init.headers as Record<string, string>) },
    });
    stop.abort();
    expect(seen).toBe(status);
    expect(Object.fromEntries(headers)).toMatchObject(expected);
    expect(headers.get("cache-control")).toMatch(/^no-store/);
    expect(telling.filter((name) => headers.has(name))).toEqual([]);
  });
});

describe("a page", () => {
  const policyOf = (headers: Record<string, string>) =>
    (headers["content-security-policy"] ?? "").split("; ");

  it("a page runs only what carries the nonce and cannot be framed", () => {
    const policy = policyOf(pageHeaders("abc", { "font-src": "data:" }));
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'nonce-abc'",
        "style-src 'nonce-abc'",
        "connect-src 'self'",
        "base-uri 'none'",
        "font-src data:",
        "frame-ancestors 'none'",
      ]),
    );
  });

  it("a page cannot make itself frameable", () => {
    const policy = policyOf(pageHeaders("abc", { "frame-ancestors": "*" }));
    expect(policy.filter((directive) => directive.startsWith("frame-ancestors"))).toEqual([
      "frame-ancestors 'none'",
    ]);
  });
});
