import { SameReads } from "../../src/database/same-reads.js";
import { recordStatements } from "../support/record-sql.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const ONE = "SELECT $1::int + 1 AS sum";

const sent = async (ask: () => Promise<unknown>) =>
  (await recordStatements(gateway.dataSource, ask)).filter(({ text }) => text === ONE);

it("who asks the same in the same turn is answered by one statement", async () => {
  const { reader } = gateway.services;
  const answers: unknown[] = [];
  const statements = await sent(async () => {
    answers.push(...(await Promise.all([1, 2, 3].map(() => reader.lookUp(ONE, [1])))));
  });
  expect(statements).toHaveLength(1);
  expect(answers).toEqual([[{ sum: 2 }], [{ sum: 2 }], [{ sum: 2 }]]);
});

it("who asks something else is not", async () => {
  const { reader } = gateway.services;
  const statements = await sent(() => Promise.all([1, 2].map((n) => reader.lookUp(ONE, [n]))));
  expect(statements.map(({ values }) => values)).toEqual([[1], [2]]);
});

it("a failure is everybody's who asked, and nobody's who asks later", async () => {
  const wrong = "SELECT 1 / $1::int AS quotient";
  const { reader } = gateway.services;
  const asked = await Promise.allSettled([1, 2].map(() => reader.lookUp(wrong, [0])));
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await reader.lookUp(wrong, [1])).toEqual([{ quotient: 1 }]);
});

it("a read that is under way serves nobody who asks after it was sent: they share the next one", async () => {
  let isThere = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const begun: (() => void)[] = [];
  let sends = 0;
  const reads = new SameReads(async (question) => {
    question();
    sends += 1;
    const seen = [{ isThere }];
    begun.shift()?.();
    await released;
    return seen;
  });
  const isSent = new Promise<void>((resolve) => begun.push(resolve));
  const early = reads.read("", []);
  await isSent;
  isThere = true;
  const late = [1, 2].map(() => reads.read("", []));
  release();
  const there = [{ isThere: true }];
  expect(await Promise.all([early, ...late])).toEqual([[{ isThere: false }], there, there]);
  expect(sends).toBe(2);
});

it("a key that is revoked is refused at once, also while others use it", async () => {
  const { services } = gateway;
  const secret = await gateway.givenKey("USER_READ");
  const origin = { door: "GRAPHQL", requestId: "of-the-test" } as const;
  const use = () => services.authentication.authenticate(secret, origin);
  const before = Promise.allSettled(Array.from({ length: 20 }, use));
  await gateway.dataSource.query(`UPDATE api_keys SET revoked_at = now()`);
  await expect(use()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await before;
});
