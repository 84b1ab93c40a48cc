import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";

const CALLERS = 50;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  // The updates wait for each other, on a busy machine longer than the default allows.
  gateway = await startTestGateway({
    DATABASE_STATEMENT_TIMEOUT_MS: "60000",
    DATABASE_POOL_WAIT_MS: "60000",
    ANSWER_TIMEOUT_MS: "60000",
  });
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

interface SeenUser {
  readonly version: number;
  readonly firstname: string | null;
}

const update = (id: string, input: object) =>
  mutate(
    gateway,
    secret,
    "updateUser",
    { user: { id }, ...input },
    "user { id username version firstname lastname }",
  );

const inParallel = <Result>(work: (i: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: CALLERS }, (_, i) => work(i)));

const codesOf = (answers: Awaited<ReturnType<typeof update>>[]): Record<string, number> => {
  const codes: Record<string, number> = {};
  for (const { errors } of answers) {
    const code = errors?.[0]?.extensions.code ?? "OK";
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
};

async function see(id: string): Promise<SeenUser> {
  const document = `query ($id: ID!) { user(by: { id: $id }) { version firstname } }`;
  return granted<SeenUser>(await gateway.ask(secret, document, { id }));
}

it("of concurrent changes of one version one succeeds, and the others receive its result", async () => {
  const { globalId, version } = await givenUser(gateway);
  const answers = await inParallel((i) =>
    update(globalId, { expectedVersion: version, firstname: `Caller ${i}` }),
  );
  expect(codesOf(answers)).toEqual({ OK: 1, CONFLICT: CALLERS - 1 });

  const winners = answers.filter(({ errors }) => !errors);
  const [user] = winners.map((answer) => granted<{ user: SeenUser }>(answer).user);
  expect(user?.version).toBe(version + 1);
  expect(await see(globalId)).toEqual({ version: version + 1, firstname: user?.firstname });
  for (const { errors } of answers) {
    if (errors) {
      expect(errors[0]?.extensions.current).toMatchObject({ ...user, id: globalId, active: true });
    }
  }
});

it("a change without expectedVersion always succeeds, and no update is lost", async () => {
  const { globalId, version } = await givenUser(gateway, { firstname: "Nobody" });
  const answers = await inParallel((i) => update(globalId, { firstname: `Caller ${i}` }));
  expect(codesOf(answers)).toEqual({ OK: CALLERS });
  expect((await see(globalId)).version).toBe(version + CALLERS);

  const steps = await gateway.dataSource.query<{ before: SeenUser; after: SeenUser }[]>(
    `SELECT before, after FROM audit_records WHERE target_id = $1 AND action = 'updateUser' ORDER BY id`,
    [globalId],
  );
  expect(steps.map(({ before }) => before.firstname)).toEqual([
    "Nobody",
    ...steps.slice(0, -1).map(({ after }) => after.firstname),
  ]);
});

it("concurrent changes of different properties do not undo each other", async () => {
  const { globalId } = await givenUser(gateway);
  const inputs = [{ firstname: "Ana" }, { lastname: "Vega" }, { language: "pt-BR" }];
  await Promise.all(inputs.map((input) => update(globalId, input)));
  const document = `query ($id: ID!) { user(by: { id: $id }) { firstname lastname language } }`;
  expect(granted(await gateway.ask(secret, document, { id: globalId }))).toEqual(
    Object.assign({}, ...inputs),
  );
});

it.each([
  ["the same username", "username", (word: string) => ({ username: word })],
  [
    "the same username in other letters",
    "username",
    (word: string, i: number) => ({ username: i % 2 ? word.toUpperCase() : word }),
  ],
  [
    "the same e-mail address",
    "email",
    (word: string) => ({ username: uniqueName(), email: `${word}@example.org` }),
  ],
] as const)("of concurrent creations with %s one succeeds", async (_, path, inputOf) => {
  const word = uniqueName();
  const answers = await inParallel((i) =>
    mutate(gateway, secret, "createUser", inputOf(word, i), "user { id }"),
  );
  expect(codesOf(answers)).toEqual({ OK: 1, CONFLICT: CALLERS - 1 });
  for (const { errors } of answers) {
    if (errors) {
      expect(errors[0]).toMatchObject({
        message: `${path} is already taken`,
        extensions: { fields: [{ path, message: "is already taken" }] },
      });
    }
  }
  const [row]: [{ people: number }] = await gateway.dataSource.query(
    `SELECT count(*)::int AS people FROM users WHERE lower($1) IN (lower(username), split_part(lower(email), '@', 1))`,
    [word],
  );
  expect(row.people).toBe(1);
});
