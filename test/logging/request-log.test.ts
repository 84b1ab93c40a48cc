import { toGlobalId } from "../../src/domain/global-id.js";
import { givenPerson, givenSession, PASSWORD } from "../graphql/given.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { startWebSocketClient } from "../support/subscription-client.js";
import { LogLines } from "./log-lines.js";

const log = new LogLines();
let gateway: TestGateway;
let admin: string;
let key: { readonly id: string; readonly secret: string };

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "debug", TRUSTED_PROXIES: "127.0.0.1" }, log);
  admin = await gateway.givenKey("ADMIN");
  const secret = await gateway.givenKey("USER_READ");
  const { data } = await gateway.ask(admin, `{ apiKeys { id name } }`);
  const keys = data?.["apiKeys"] as { id: string; name: string }[];
  key = { id: keys.find(({ name }) => name === "test key 2")?.id ?? "", secret };
});
afterAll(() => gateway.stop());

const ALWAYS = {
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  ms: expect.any(Number),
  address: "127.0.0.1",
};

let requests = 0;

/** @returns its log line without the fields that every line has */
async function logged(
  path: string,
  { headers, ...request }: RequestInit & { headers?: Record<string, string> } = {},
): Promise<object> {
  requests += 1;
  const requestId = `request-${requests}`;
  await fetch(gateway.url + path, {
    ...request,
    headers: { ...headers, "x-request-id": requestId },
  });
  const line = await log.of(requestId);
  const always = { ...ALWAYS, requestId, msg: "request", level: path === "/healthz" ? 20 : 30 };
  expect(line).toMatchObject(always);
  return Object.fromEntries(Object.entries(line).filter(([name]) => !Object.hasOwn(always, name)));
}

const asked = (secret: string | null, query: string): Promise<object> =>
  logged("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret !== null && { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify({ query }),
  });

const POSTED = { door: "GRAPHQL", method: "POST", path: "/graphql", status: 200 };

describe("the line of a request", () => {
  it("the request log names credential and operation by schema names", async () => {
    expect(await asked(key.secret, `query Mine { all: users { totalCount } }`)).toEqual({
      ...POSTED,
      operation: "query users",
      credential: key.id,
    });
    expect(await asked(key.secret, `{ groups { id } statuses { id } }`)).toMatchObject({
      operation: "query several",
    });
    expect(await asked(key.secret, `{ __typename groups { id } }`)).toMatchObject({
      operation: "query groups",
    });
  });

  it("the request log names the signed-in user", async () => {
    const person = await givenPerson(gateway, admin, { password: PASSWORD });
    const token = await givenSession(gateway, person);
    expect(await asked(token, `{ viewer { name } }`)).toEqual({
      ...POSTED,
      operation: "query viewer",
      credential: expect.stringMatching(/./),
      user: person.id,
    });
  });

  it("the request log names the legacy route without its parameters", async () => {
    const headers = { authorization: `Bearer ${admin}` };
    expect(await logged("/rest/v1.0/1/users/user/4711", { headers })).toEqual({
      door: "JTEL",
      operation: "GET /:clientsId/users/user/:usersId",
      method: "GET",
      path: "/rest/v1.0/1/users/user/4711",
      status: 404,
      code: "NOT_FOUND",
      credential: toGlobalId("ApiKey", 1),
    });
    expect(await logged("/api/v2/user/nothing")).toMatchObject({
      door: "OMNIDESK",
      operation: "unread",
      code: "UNKNOWN_PATH",
    });
  });

  it("the request log has the code of a refusal", async () => {
    const setStatus = `mutation { setStatus(input: { user: { username: "x" }, statusId: 1 }) { presence { id } } }`;
    expect(await asked(null, `{ viewer { name } }`)).toEqual({
      ...POSTED,
      status: 401,
      operation: "unread",
      code: "UNAUTHENTICATED",
    });
    expect(await asked(key.secret, setStatus)).toEqual({
      ...POSTED,
      operation: "mutation setStatus",
      code: "FORBIDDEN",
      credential: key.id,
    });
    expect(await asked(key.secret, `{ nothing }`)).toMatchObject({
      operation: "unread",
      code: "GRAPHQL_VALIDATION_FAILED",
    });
  });

  it("requests of health probes are logged at debug level", async () => {
    expect(await logged("/healthz")).toEqual({ method: "GET", path: "/healthz", status: 200 });
  });

  it("the request log has the trace id of a trusted proxy", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const headers = { traceparent, "x-forwarded-for": "127.0.0.1" };
    expect(await logged("/healthz", { headers })).toMatchObject({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    });
    expect(await logged("/healthz", { headers: { traceparent: "nonsense" } })).not.toHaveProperty(
      "traceId",
    );
  });
});

it("a WebSocket is logged when it closes", async () => {
  const client = startWebSocketClient(gateway.url, key.secret);
  const told = client.subscribe(`subscription { presenceChanged { cursor } }`).next();
  await eventually(() => {
    if (gateway.services.subscriptions.subscribers.now === 0) throw new Error("it has not begun");
    return Promise.resolve();
  });
  client.dispose();
  await told.catch(() => undefined);
  const line = await eventually(() => {
    const found = log.all.find(({ msg }) => msg === "socket");
    return found ? Promise.resolve(found) : Promise.reject(new Error("it is open"));
  });
  expect(line).toMatchObject({ ...ALWAYS, door: "GRAPHQL", code: 1000, credential: key.id });
});
