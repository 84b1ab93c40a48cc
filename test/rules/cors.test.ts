import { WebSocket } from "ws";
import { once } from "node:events";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const APP = "https://app.example.com";
const OTHER = "https://evil.example";

let open: TestGateway;
let key: string;
beforeAll(async () => {
  open = await startTestGateway({ CORS_ORIGINS: `https://other.example.com, ${APP}` });
  key = await open.givenKey("ADMIN");
});
afterAll(() => open.stop());

const doors = [
  ["GraphQL", "POST", "/graphql"],
  ["event streams", "POST", "/graphql/stream"],
  ["Clientexec", "GET", "/api/v2/users/usersonline"],
  ["Rocket.Chat", "POST", "/api/v1/users.setStatus"],
  ["jtel", "GET", "/rest/v1.0/1/users"],
  ["Omnidesk", "PUT", "/api/v2/user/maxChats"],
] as const;

const corsHeaders = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

const preflight = (path: string, method: string, origin: string) =>
  fetch(open.url + path, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": method },
  });

describe.each(doors)("%s", (_, method, path) => {
  it("a CORS preflight allows a listed origin to send its key, without cookies", async () => {
    const answer = await preflight(path, method, APP);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    const told = corsHeaders(answer);
    expect(told["access-control-allow-origin"]).toBe(APP);
    expect(told["access-control-allow-methods"]?.split(", ")).toContain(method);
    expect(told["access-control-allow-headers"]?.split(", ")).toEqual(
      expect.arrayContaining(["Authorization", "Content-Type", "Idempotency-Key"]),
    );
    expect(told["access-control-allow-credentials"]).toBeUndefined();
    expect(answer.headers.get("vary")).toBe("Origin");
  });

  it.each([OTHER, "null", `${APP}.evil.example`, "http://app.example.com", `${APP}:8443`])(
    "CORS headers are absent for %s",
    async (origin) => {
      const answer = await preflight(path, method, origin);
      expect([answer.ok, corsHeaders(answer)]).toEqual([false, {}]);
      expect(answer.headers.get("vary")).toBe("Origin");
    },
  );
});

it("a page of a listed origin reads the response and its exposed headers", async () => {
  const answer = await fetch(`${open.url}/graphql`, {
    method: "POST",
    headers: { origin: APP, authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: `{ "query": "{ viewer { kind } }" }`,
  });
  expect(await answer.json()).toMatchObject({ data: { viewer: { kind: "API_KEY" } } });
  expect(corsHeaders(answer)).toEqual({
    "access-control-allow-origin": APP,
    "access-control-expose-headers":
      "RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, Idempotency-Replayed",
  });
});

it("a page of a listed origin reads error responses", async () => {
  const answer = await fetch(`${open.url}/api/v2/user`, { headers: { origin: APP } });
  expect([answer.status, corsHeaders(answer)["access-control-allow-origin"]]).toEqual([401, APP]);
});

it("WebSockets accept pages of listed origins only", async () => {
  const connectFrom = async (origin: string): Promise<string> => {
    const socket = new WebSocket(
      `${open.url.replace("http", "ws")}/graphql`,
      "graphql-transport-ws",
      { origin },
    );
    const opened = once(socket, "open").then(() => "open");
    const refused = once(socket, "unexpected-response").then(() => "refused");
    refused.catch(() => undefined);
    const outcome = await Promise.race([opened, refused]);
    socket.on("error", () => undefined).terminate();
    return outcome;
  };
  expect(await connectFrom(APP)).toBe("open");
  expect(await connectFrom(OTHER)).toBe("refused");
});
