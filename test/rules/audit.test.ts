import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, PASSWORD } from "../support/given.js";
import { type AuditedCall, auditedCalls } from "./audited-calls.js";
import { granted, mutate } from "./graphql-client-calls.js";

/** A heartbeat is no decision of a user. The status history has it when it changes the status. */
const NOT_AUDITED = ["heartbeat"];

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface SeenRecord {
  readonly action: string;
  readonly requestId: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

/** The audit records of a request, as a client with ADMIN sees them. */
async function auditOf(requestId: string | null): Promise<SeenRecord[]> {
  const answer = await gateway.ask(
    admin,
    `{ auditRecords(first: 5) { edges { node {
         action actor actorKind door targetType targetId before after recordedAt requestId } } } }`,
  );
  const { edges } = granted<{ edges: { node: SeenRecord }[] }>(answer);
  return edges.map(({ node }) => node).filter((record) => record.requestId === requestId);
}

const call = (mutation: string, { input, secret = admin }: AuditedCall) =>
  input
    ? mutate(gateway, secret, mutation, input)
    : gateway.ask(secret, `mutation { ${mutation} { __typename } }`);

it("the table covers every mutation except heartbeat", () => {
  const schema = buildSchema(readFileSync(join(__dirname, "../../schema.graphql"), "utf8"));
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  expect([...Object.keys(auditedCalls), ...NOT_AUDITED].sort()).toEqual(mutations.sort());
});

it.each(Object.entries(auditedCalls))(
  "%s leaves one audit record with actor, API, target and request id",
  async (mutation, given) => {
    const audited = await given(gateway);
    const answer = await call(mutation, audited);
    granted(answer);
    const requestId = answer.headers.get("x-request-id");
    const author =
      audited.secret === undefined
        ? { actorKind: "API_KEY", actor: "test key 1" }
        : { actorKind: "SESSION", actor: expect.stringMatching(/^user-/) as string };
    const records = await auditOf(requestId);
    expect(records).toMatchObject([
      { action: mutation, ...author, door: "GRAPHQL", ...audited.target, requestId },
    ]);
  },
);

it("an audit record holds the values before and after of changed properties only", async () => {
  const { globalId } = await givenUser(gateway, { firstname: "Ana", lastname: "Ortiz" });
  const input = { user: { id: globalId }, firstname: "Ana", lastname: "Vega" };
  const { headers } = await mutate(gateway, admin, "updateUser", input);
  expect(await auditOf(headers.get("x-request-id"))).toMatchObject([
    { before: { lastname: "Ortiz" }, after: { lastname: "Vega" } },
  ]);
  const [record] = await auditOf(headers.get("x-request-id"));
  expect(Object.keys(record?.after ?? {})).toEqual(["lastname"]);
});

it("the audit record of a lock holds the lock and the effective status before and after", async () => {
  const { globalId } = await givenUser(gateway);
  const until = "2099-01-01T00:00:00.000Z";
  const input = { user: { id: globalId }, statusId: 5, reason: "Training", until };
  const { headers } = await mutate(gateway, admin, "lockStatus", input);
  expect(await auditOf(headers.get("x-request-id"))).toMatchObject([
    {
      before: { statusInEffect: 4 },
      after: { statusInEffect: 5, statusId: 5, reason: "Training", until },
    },
  ]);
});

it("no audit record contains a secret", async () => {
  const secrets = [PASSWORD, `another ${PASSWORD}`];
  const { globalId, username } = await givenUser(gateway, { password: secrets[0] });
  const changed = await mutate(gateway, admin, "updateUser", {
    user: { id: globalId },
    password: secrets[1],
  });
  expect(await auditOf(changed.headers.get("x-request-id"))).toMatchObject([
    { after: { password: "changed" } },
  ]);
  const login = await mutate(
    gateway,
    null,
    "login",
    { user: username, password: secrets[1] },
    "token",
  );
  const created = await mutate(
    gateway,
    admin,
    "createApiKey",
    { name: "a key", permissions: ["USER_READ"] },
    "secret",
  );
  secrets.push(granted<{ token: string }>(login).token);
  secrets.push(granted<{ secret: string }>(created).secret);
  const rows: { record: string }[] = await gateway.dataSource.query(
    `SELECT to_jsonb(a)::text AS record FROM audit_records a`,
  );
  for (const { record } of rows) {
    for (const secret of secrets) expect(record).not.toContain(secret);
    expect(record).not.toContain("$argon2");
  }
});

it("a call that changes nothing leaves no audit record", async () => {
  const { globalId } = await givenUser(gateway, { firstname: "Ana" });
  const user = { id: globalId };
  const unchanged = [
    await mutate(gateway, admin, "updateUser", { user, firstname: "Ana" }),
    await mutate(gateway, admin, "unlockStatus", { user }),
    await mutate(gateway, admin, "reportTelephoneStatus", { user, telephoneStatus: "FREE" }),
    await mutate(gateway, admin, "heartbeat", { user }),
  ];
  const refused = [
    await mutate(gateway, admin, "setStatus", { user, statusId: 99 }),
    await mutate(gateway, admin, "updateUser", { user, firstname: "" }),
    await mutate(gateway, admin, "removeAgent", { user, role: "AGENT" }),
  ];
  unchanged.forEach(granted);
  expect(refused.filter(({ errors }) => !errors)).toEqual([]);
  for (const { headers } of [...unchanged, ...refused]) {
    expect(await auditOf(headers.get("x-request-id"))).toEqual([]);
  }
});
