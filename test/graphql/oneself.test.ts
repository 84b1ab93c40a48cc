import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { everythingOf } from "./everything-of.js";
import { givenPerson, givenSession, PASSWORD, type Person } from "./given.js";
import { givenAgent } from "./scene.js";

let gateway: TestGateway;
let admin: string;
let oneself: Person;
let boss: Person;
let session: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  oneself = await givenAgent(gateway, admin);
  boss = await givenPerson(gateway, admin, { permissions: ["USER_CUD"], password: PASSWORD });
  session = await givenSession(gateway, oneself);
  const bossSession = await givenSession(gateway, boss);
  const answer = await gateway.ask(
    bossSession,
    `mutation ($id: ID) {
       lockStatus(input: { user: { id: $id }, statusId: 2, reason: "review" }) { __typename } }`,
    { id: oneself.id },
  );
  dataOf(answer);
});
afterAll(() => gateway.stop());

const LOCK = `query ($id: ID) {
  user(by: { id: $id }) { presence { lock { reason status { id } lockedBy { username } } } } }`;

const lockAsSeenBy = async (secret: string) => {
  const answer = await gateway.ask(secret, LOCK, { id: oneself.id });
  return dataOf<{ user: { presence: { lock: object } } }>(answer).user.presence.lock;
};

it("lockedBy is visible with USER_READ; a user without permissions sees the lock alone", async () => {
  const reader = await gateway.givenKey("USER_READ");
  const lock = { reason: "review", status: { id: 2 } };
  expect(await lockAsSeenBy(reader)).toEqual({ ...lock, lockedBy: { username: boss.username } });
  expect(await lockAsSeenBy(session)).toEqual({ ...lock, lockedBy: null });
});

it("a user without permissions reaches only their own data from viewer", async () => {
  const answer = await gateway.ask(
    session,
    `query ($id: ID) { user(by: { id: $id }) ${everythingOf("User")} viewer ${everythingOf("Viewer")} }`,
    { id: oneself.id },
  );
  const seen = JSON.stringify(dataOf(answer));
  expect(seen).toContain(oneself.id);
  expect(seen).not.toContain(boss.id);
  expect(peopleIn(answer.data)).toEqual([oneself.id]);
});

/** The ids of all users in a result: only users have a username. */
function peopleIn(data: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(data, (_, value: unknown) => {
    const { id, username } = (value ?? {}) as { id?: string; username?: string };
    if (id !== undefined && username !== undefined) found.add(id);
    return value;
  });
  return [...found];
}

it("viewer is the signed-in user", async () => {
  const answer = await gateway.ask(session, `{ viewer { kind name permissions user { id } } }`);
  expect(dataOf(answer)).toEqual({
    viewer: { kind: "SESSION", name: oneself.username, permissions: [], user: { id: oneself.id } },
  });
});

it("a user finds themself by every reference", async () => {
  const { externalIds } = dataOf<{ user: { externalIds: { system: string; id: string }[] } }>(
    await gateway.ask(
      session,
      `query ($id: ID) { user(by: { id: $id }) { externalIds { system id } } }`,
      {
        id: oneself.id,
      },
    ),
  ).user;
  expect(externalIds).toHaveLength(4);
  for (const by of [
    { username: oneself.username.toUpperCase() },
    ...externalIds.map((external) => ({ external })),
  ]) {
    const answer = await gateway.ask(
      session,
      `query ($by: UserBy!) { user(by: $by) { id } agent(by: $by) { user { id } } }`,
      { by },
    );
    expect(answer.data).toEqual({ user: { id: oneself.id }, agent: { user: { id: oneself.id } } });
  }
});

it("a payload exposes nothing beyond the changed user", async () => {
  const key = await gateway.givenKey("USER_CUD", "USER_READ");
  const answer = await gateway.ask(
    key,
    `mutation ($id: ID) {
       lockStatus(input: { user: { id: $id }, statusId: 3 }) { presence ${everythingOf("Presence")} } }`,
    { id: oneself.id },
  );
  expect(peopleIn(dataOf(answer))).toEqual([oneself.id]);
});

it.each([
  "users { totalCount }",
  "agents { totalCount }",
  "presences { totalCount }",
  "apiKeys { id }",
  "auditRecords { totalCount }",
])("a user without permissions is refused %s", async (query) => {
  expect(codeOf(await gateway.ask(session, `{ ${query} }`))).toBe("FORBIDDEN");
});
