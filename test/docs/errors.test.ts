import { errorCodes } from "../../src/errors/domain-error.js";
import { cancelBlocked } from "../support/cancel-blocked.js";
import { givenAgent, givenUser, uniqueName } from "../support/given.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { readDoc, sectionOf, tableIn } from "./markdown.js";

const document = readDoc("docs/errors.md");
const refusals = tableIn(sectionOf(document, "Refusals"));
const requestFaults = tableIn(sectionOf(document, "Request errors"));
const ownFaults = tableIn(sectionOf(document, "Server errors"));

interface Provoked {
  readonly status: number;
  readonly code: string;
  /** The fields beside the code. */
  readonly details: readonly string[];
}

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway({
    GRAPHQL_MAX_BODY_BYTES: "1024",
    AUTH_FAILURES_MAX: "1",
    LOG_LEVEL: "silent",
  });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Sending {
  readonly secret?: string | null;
  readonly search?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(
  body: string | undefined,
  { secret = admin, search = "", method = "POST", headers = {} }: Sending = {},
): Promise<Provoked> {
  const response = await fetch(`${gateway.url}/graphql${search}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...headers,
    },
    body,
  });
  const { errors } = (await response.json()) as {
    errors?: { extensions: Record<string, unknown> & { code: string } }[];
  };
  const { code = "", ...details } = errors?.[0]?.extensions ?? {};
  return { status: response.status, code, details: Object.keys(details) };
}

const ask = (query: string, secret: string | null = admin, variables?: object) =>
  send(JSON.stringify({ query, variables }), { secret });

const update = (username: string, more: string) =>
  ask(
    `mutation { updateUser(input: { user: { username: "${username}" } ${more} }) { user { id } } }`,
  );

const setStatus = (username: string) =>
  ask(
    `mutation { setStatus(input: { user: { username: "${username}" }, statusId: 1 }) { applied } }`,
  );

async function whileLocked(): Promise<Provoked> {
  const { username } = await givenUser(gateway);
  await ask(
    `mutation { lockStatus(input: { user: { username: "${username}" }, statusId: 2 }) { presence { id } } }`,
  );
  return setStatus(username);
}

async function whileDeactivated(): Promise<Provoked> {
  const { username } = await givenUser(gateway);
  await update(username, "active: false");
  return setStatus(username);
}

async function afterAWrongPassword(): Promise<Provoked> {
  const login = `mutation { login(input: { user: "nobody", password: "wrong" }) { token } }`;
  await ask(login, null);
  return ask(login, null);
}

async function withTheKeyOfAnother(): Promise<Provoked> {
  const headers = { "idempotency-key": "the-same" };
  const refresh = (tabId: string) =>
    send(
      JSON.stringify({ query: `mutation { refreshTab(input: { tabId: "${tabId}" }) { tabId } }` }),
      { headers },
    );
  await refresh("tab_1");
  return refresh("tab_2");
}

async function whileOffline(): Promise<Provoked> {
  const { username } = await givenAgent(gateway);
  return ask(
    `mutation { reserveUserForLiveChannel(input: { user: { username: "${username}" } }) { reservation { id } } }`,
  );
}

async function whileTheDatabaseIsBusy(): Promise<Provoked> {
  return gateway.dataSource.transaction(async (manager) => {
    await manager.query(`LOCK TABLE users IN SHARE MODE`);
    const create = `mutation { createUser(input: { username: "${uniqueName()}" }) { user { id } } }`;
    const asking = ask(create);
    await cancelBlocked(gateway);
    return asking;
  });
}

async function whileATableIsMissing(): Promise<Provoked> {
  await gateway.dataSource.query(`ALTER TABLE views RENAME TO taken_away`);
  try {
    return await ask(`{ views { name } }`);
  } finally {
    await gateway.dataSource.query(`ALTER TABLE taken_away RENAME TO views`);
  }
}

const provocations: [string, string, () => Promise<Provoked>][] = [
  ["UNAUTHENTICATED", "nothing given", () => ask(`{ viewer { name } }`, null)],
  ["UNAUTHENTICATED", "an unknown key", () => ask(`{ viewer { name } }`, "unknown")],
  ["UNAUTHENTICATED", "the schema", () => ask(`{ __schema { description } }`, null)],
  [
    "FORBIDDEN",
    "no permission",
    async () => ask(`{ apiKeys { id } }`, await gateway.givenKey("USER_READ")),
  ],
  ["BAD_USER_INPUT", "a broken rule", () => ask(`{ users(first: 1000) { totalCount } }`)],
  [
    "BAD_USER_INPUT",
    "a variable of the wrong type",
    () => ask(`query ($n: Int) { users(first: $n) { totalCount } }`, admin, { n: "many" }),
  ],
  ["NOT_FOUND", "an unknown user", () => update("nobody-at-all", "")],
  [
    "CONFLICT",
    "a stale version",
    async () => update((await givenUser(gateway)).username, "expectedVersion: 99"),
  ],
  [
    "CONFLICT",
    "a taken name",
    async () => {
      const [one, other] = [await givenUser(gateway), await givenUser(gateway)];
      return update(one.username, `username: "${other.username}"`);
    },
  ],
  ["CONFLICT", "a deactivated user", whileDeactivated],
  ["CONFLICT", "a key of another request", withTheKeyOfAnother],
  ["STATUS_LOCKED", "a lock", whileLocked],
  ["NOT_AVAILABLE", "an agent who is offline", whileOffline],
  ["RATE_LIMITED", "too many wrong passwords", afterAWrongPassword],
  ["BAD_REQUEST", "no JSON", () => send("nothing")],
  ["BAD_REQUEST", "another method", () => send("{}", { method: "PUT" })],
  ["BAD_REQUEST", "a body that is too large", () => send("x".repeat(2000))],
  [
    "BAD_REQUEST",
    "a mutation by GET",
    () => send(undefined, { method: "GET", search: "?query=mutation{logout{ok}}" }),
  ],
  ["GRAPHQL_PARSE_FAILED", "a syntax error", () => ask(`{`)],
  ["GRAPHQL_VALIDATION_FAILED", "an unknown field", () => ask(`{ nothing }`)],
  [
    "BAD_REQUEST",
    "a GET from another site",
    () =>
      send(undefined, {
        method: "GET",
        search: "?query={__typename}",
        headers: { origin: "null" },
      }),
  ],
  [
    "BAD_REQUEST",
    "another content type",
    () => send("{}", { headers: { "content-type": "text/plain" } }),
  ],
  [
    "OPERATION_TOO_LARGE",
    "many aliases",
    () => ask(`{ ${Array.from({ length: 101 }, (_, i) => `a${i}:id`).join(" ")} }`),
  ],
  [
    "PERSISTED_QUERY_NOT_SUPPORTED",
    "a hash",
    () => send(JSON.stringify({ extensions: { persistedQuery: { version: 1 } } })),
  ],
  [
    "OPERATION_RESOLUTION_FAILURE",
    "two operations",
    () => ask(`query a { __typename } query b { __typename }`),
  ],
  ["SERVICE_UNAVAILABLE", "a database that does not get on", whileTheDatabaseIsBusy],
  ["INTERNAL_SERVER_ERROR", "a table that is not there", whileATableIsMissing],
];

describe("docs/errors.md", () => {
  it("docs/errors.md lists every error code", () => {
    expect(refusals.map(([code]) => code)).toEqual([...errorCodes]);
  });

  it.each(provocations)("docs/errors.md describes %s: %s", async (code, _name, provoke) => {
    const rows = [...refusals, ...requestFaults, ...ownFaults.map(withoutDetails)];
    const [, , details = "", statuses = ""] = rows.find(([written]) => written === code) ?? [];
    const provoked = await provoke();
    expect(provoked.code).toBe(code);
    expect(statuses.match(/\d{3}/g)).toContain(String(provoked.status));
    const documented = [...details.matchAll(/(\w+):/g)].map(([, name]) => name);
    expect(documented).toEqual(expect.arrayContaining([...provoked.details]));
    if (documented.length === 0) expect(provoked.details).toEqual([]);
  });

  it("every documented code is provoked by a test", () => {
    const written = [...refusals, ...requestFaults, ...ownFaults].map(([code]) => code);
    const provoked = new Set(provocations.map(([code]) => code));
    expect([...provoked].sort()).toEqual(written.sort());
  });
});

const withoutDetails = ([code = "", meaning = "", statuses = ""]: string[]) => [
  code,
  meaning,
  "",
  statuses,
];
