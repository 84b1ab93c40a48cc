import { once } from "node:events";
import { connect } from "node:net";
import { Writable } from "node:stream";
import type { DataSource } from "typeorm";
import { loadConfig } from "../../src/config/schema.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { createGateway, type Gateway } from "../../src/server.js";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { createWorkerDatabase } from "../support/database.js";
import { eventually } from "../support/eventually.js";
import { PATIENT } from "../support/gateway.js";

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly requestId?: string;
  readonly err?: { readonly message: string; readonly stack: string };
}

const INFO = 30;
const ERROR = 50;
const PASSWORD = "a password that nobody may read";

let dataSource: DataSource;
let gateway: Gateway;
let url: string;
const key = newApiKeySecret();
let log: string[] = [];

beforeAll(async () => {
  const databaseUrl = await createWorkerDatabase();
  const environment = {
    ...PATIENT,
    NODE_ENV: "production",
    LOG_LEVEL: "debug",
    DATABASE_URL: databaseUrl,
  };
  const config = { ...loadConfig(environment), port: 0, host: "127.0.0.1" };
  dataSource = createDataSource({ ...config.database, url: databaseUrl });
  await dataSource.initialize();
  const logger = createLogger(
    config.logLevel,
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log.push(...chunk.toString().trimEnd().split("\n"));
        done();
      },
    }),
  );
  gateway = await createGateway(dataSource, config, logger);
  url = `http://127.0.0.1:${await gateway.listen()}`;
  await gateway.services.apiKeys.ensure(key, { name: "admin", permissions: ["ADMIN"] });
});
afterAll(async () => {
  gateway.server.closeAllConnections();
  await gateway.stop();
  await dataSource.destroy();
});
beforeEach(() => {
  log = [];
});

async function ask(query: string, variables: object = {}, requestId = "r-1") {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-request-id": requestId,
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}

/** Runs `work` while a table is missing: reads of it fail with an unexpected error. */
async function without<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  await dataSource.query(`ALTER TABLE ${table} RENAME TO taken_away`);
  try {
    return await work();
  } finally {
    await dataSource.query(`ALTER TABLE taken_away RENAME TO ${table}`);
  }
}

const lines = () => log.map((line) => JSON.parse(line) as Line);
const errors = () => lines().filter(({ level, msg }) => level === ERROR && !msg.includes("sweep"));

it("an unexpected error is masked for the caller", async () => {
  const { status, text } = await without("views", () => ask(`{ views { name } }`));
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    data: null,
    errors: [
      {
        message: "Internal server error",
        path: ["views"],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: "INTERNAL_SERVER_ERROR" },
      },
    ],
    extensions: { cost: { requested: 20, limit: 50_000, left: 49_980 } },
  });
});

it("an unexpected error is logged with cause, path and request id", async () => {
  await without("views", () => ask(`query listViews { views { name } }`, {}, "trace-me-42"));
  expect(errors()).toHaveLength(1);
  expect(errors()[0]).toMatchObject({
    requestId: "trace-me-42",
    operationName: "listViews",
    err: { message: `relation "views" does not exist`, code: "42P01" },
  });
  expect(errors()[0]?.err?.stack).toContain("reader.ts");
});

it("parameters of a failed statement are not logged", async () => {
  const input = { username: "somebody", email: "private@example.com", password: PASSWORD };
  const answer = await without("user_settings", () =>
    ask(`mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`, {
      input,
    }),
  );
  expect(answer.text).toContain("INTERNAL_SERVER_ERROR");
  const failing = { ...input, username: "other", email: "other@example.com" };
  await dataSource.query(
    `ALTER TABLE users ADD CONSTRAINT nobody_check CHECK (username <> 'other')`,
  );
  await ask(`mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`, {
    input: failing,
  });
  await dataSource.query(`ALTER TABLE users DROP CONSTRAINT nobody_check`);

  expect(errors()).toHaveLength(2);
  expect(errors()[1]?.err?.message).toContain("nobody_check");
  const everything = log.join("\n");
  for (const hidden of [PASSWORD, "$argon2", "private@example.com", "other@example.com", key])
    expect(everything).not.toContain(hidden);
});

it("a session that cannot be written leaves no token in the log", async () => {
  await ask(`mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`, {
    input: { username: "signs.in", password: PASSWORD },
  });
  const { text } = await without("login_sessions", async () =>
    ask(`mutation ($p: String!) { login(input: { user: "signs.in", password: $p }) { token } }`, {
      p: PASSWORD,
    }),
  );
  expect(text).not.toContain("rollcall_session_");
  expect(log.join("\n")).not.toMatch(/rollcall_session_|a password that/);
});

it("a refusal is not logged as an error", async () => {
  for (const query of [
    `mutation { updateGroup(input: { id: "x", name: "y" }) { group { id } } }`,
    `mutation { createGroup(input: { name: "" }) { group { id } } }`,
    `mutation { logout { ok } }`,
    `{ nothing }`,
    `{`,
  ]) {
    expect((await ask(query)).text).toContain(`"errors"`);
  }
  expect(errors()).toEqual([]);
});

it.each([
  ["GraphQL", "POST /graphql"],
  ["Rocket.Chat", "POST /api/v1/login"],
  ["jtel", "GET /rest/v1.0/1/users"],
  ["Clientexec", "GET /api/v2/clients/users/usersonline"],
  ["Omnidesk", "POST /api/v2/user"],
])(
  "%s: a client that disconnects during a request is not logged as an error",
  async (_, target) => {
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    const headers = [
      "Host: gateway",
      "Content-Type: application/json",
      "Content-Length: 100",
      `Authorization: Bearer ${key}`,
      `apiKey: ${key}`,
      `X-Request-Id: gone`,
    ];
    const begun = once(gateway.server, "request");
    socket.write(`${target} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n{"half`);
    await begun;
    socket.destroy();

    const told = await eventually(() => {
      const ofIt = lines().filter(({ requestId }) => requestId === "gone");
      expect(ofIt).toHaveLength(2);
      return Promise.resolve(ofIt);
    });
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: INFO, msg: "request", status: null }),
        expect.objectContaining({
          level: INFO,
          msg: "client disconnected before its request was complete",
        }),
      ]),
    );
    expect(errors()).toEqual([]);
  },
);
