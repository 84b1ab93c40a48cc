import { contentsOf } from "../graphql/contents.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { type AuditedCall, auditedCalls } from "./audited-calls.js";
import { granted, mutate } from "./graphql-client-calls.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  admin = await gateway.givenKey("ADMIN");
  await gateway.dataSource.query(
    `CREATE FUNCTION refuse_audit() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'the disk of the audit is full'; END $$`,
  );
});
afterAll(() => gateway.stop());

async function whileAuditFails<Result>(work: () => Promise<Result>): Promise<Result> {
  await gateway.dataSource.query(
    `CREATE TRIGGER refuse_audit BEFORE INSERT ON audit_records EXECUTE FUNCTION refuse_audit()`,
  );
  try {
    return await work();
  } finally {
    await gateway.dataSource.query(`DROP TRIGGER refuse_audit ON audit_records`);
  }
}

const call = (mutation: string, { input, secret = admin }: AuditedCall) =>
  input
    ? mutate(gateway, secret, mutation, input)
    : gateway.ask(secret, `mutation { ${mutation} { __typename } }`);

it.each(Object.entries(auditedCalls))(
  "%s is rolled back when its audit record cannot be written, and succeeds when repeated",
  async (mutation, given) => {
    const audited = await given(gateway);
    const before = await contentsOf(gateway.dataSource);
    const answer = await whileAuditFails(() => call(mutation, audited));
    expect(answer).toMatchObject({ status: 200, data: null });
    expect(answer.errors).toEqual([
      {
        message: "Internal server error",
        path: [mutation],
        locations: expect.any(Array) as unknown[],
        extensions: { code: "INTERNAL_SERVER_ERROR" },
      },
    ]);
    expect(await contentsOf(gateway.dataSource)).toEqual(before);

    granted(await call(mutation, audited));
    expect(await contentsOf(gateway.dataSource)).not.toEqual(before);
  },
);
