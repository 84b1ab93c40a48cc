import { getNamedType } from "graphql";
import { everythingOf } from "../graphql/everything-of.js";
import { startTestGateway, type GraphQLAnswer, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { documentOf, operationsOf } from "../support/operations.js";
import { createSchema } from "../../src/resolvers/schema.js";
import { auditedCalls } from "./audited-calls.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const operations = operationsOf(createSchema());

/** Sends one mutation and selects its whole payload. */
function askOnce(
  mutation: string,
  input: object | undefined,
  key: string,
  secret = admin,
  wanted?: string,
): Promise<GraphQLAnswer> {
  const operation = operations.get(mutation);
  if (!operation) throw new Error(`${mutation} is no mutation`);
  const given = { input };
  const fields = wanted ?? everythingOf(getNamedType(operation.field.type).name);
  return gateway.ask(secret, documentOf(operation, given, fields), given, {
    "idempotency-key": key,
  });
}

const isReplayed = ({ headers }: GraphQLAnswer) => headers.get("idempotency-replayed") === "true";
const told = ({ status, data, errors }: GraphQLAnswer) => ({ status, data, errors });

const countRows = async (table: string): Promise<number> => {
  const [{ count }] = await gateway.dataSource.query<[{ count: string }]>(
    `SELECT count(*) FROM ${table}`,
  );
  return Number(count);
};
/** Counts the changes: each is audited or published, most are both. */
const countChanges = async () => (await countRows("audit_records")) + (await countRows("events"));

/** The state after a process has died between the commit and the response. */
const loseAnswers = () => gateway.dataSource.query(`UPDATE idempotent_requests SET answer = NULL`);

const keyed = Object.keys(auditedCalls).filter((name) => name !== "login" && name !== "logout");

it.each([...keyed, "heartbeat"])(
  "%s is executed once and returns the same response whether the first one was stored or lost",
  async (mutation) => {
    const { input } = (await auditedCalls[mutation]?.(gateway)) ?? {
      input: { user: { id: (await givenUser(gateway)).globalId } },
    };
    const key = uniqueName("key");
    const first = await askOnce(mutation, input, key);
    expect(first.errors).toBeUndefined();
    expect(isReplayed(first)).toBe(false);
    const changes = await countChanges();

    const kept = await askOnce(mutation, input, key);
    await loseAnswers();
    const lost = await askOnce(mutation, input, key);
    expect([kept, lost].map(isReplayed)).toEqual([true, true]);
    expect([kept, lost].map(told)).toEqual([told(first), told(first)]);
    expect(await countChanges()).toBe(changes);
  },
);

it.each([...keyed, "heartbeat"])(
  "%s is replayed from the stored outcome after the caller has lost the permission",
  async (mutation) => {
    const { input } = (await auditedCalls[mutation]?.(gateway)) ?? {
      input: { user: { id: (await givenUser(gateway)).globalId } },
    };
    const secret = await gateway.givenKey("ADMIN");
    const key = uniqueName("key");
    const first = await askOnce(mutation, input, key, secret, "{ __typename }");
    expect(first.errors).toBeUndefined();
    await loseAnswers();
    await gateway.dataSource.query(
      `UPDATE api_keys SET permissions = '{}' WHERE id = (SELECT max(id) FROM api_keys WHERE name LIKE 'test key %')`,
    );
    const again = await askOnce(mutation, input, key, secret, "{ __typename }");
    expect(isReplayed(again)).toBe(true);
    expect(told(again)).toEqual(told(first));
  },
);
