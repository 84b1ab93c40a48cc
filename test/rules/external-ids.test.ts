import type { ExternalSystem } from "../../src/domain/vocabulary.js";
import { startTestGateway, type GraphQLAnswer, type TestGateway } from "../support/gateway.js";
import { givenUser, uniqueName } from "../support/given.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

interface ExternalId {
  readonly system: ExternalSystem;
  readonly id: string;
  readonly uid?: string | null;
}

interface SeenUser {
  readonly id: string;
  readonly username: string;
  readonly externalIds: readonly ExternalId[];
}

const USER = "id username externalIds { system id uid }";
const NUMBERED = ["CLIENTEXEC", "JTEL", "OMNIDESK"] as const;
const SYSTEMS = [...NUMBERED, "ROCKET_CHAT"] as const;

const create = (input: object = {}): Promise<GraphQLAnswer> =>
  mutate(gateway, secret, "createUser", { username: uniqueName(), ...input }, `user { ${USER} }`);

const created = async (input: object = {}): Promise<SeenUser> =>
  granted<{ user: SeenUser }>(await create(input)).user;

const idIn = ({ externalIds }: SeenUser, wanted: ExternalSystem): string =>
  externalIds.find(({ system }) => system === wanted)?.id ?? "";

const find = async (external: ExternalId): Promise<SeenUser | null> => {
  const document = `query ($by: UserBy!) { user(by: $by) { ${USER} } }`;
  return granted(await gateway.ask(secret, document, { by: { external } }));
};

/** The next generated number. */
async function nextNumber(system: (typeof NUMBERED)[number]): Promise<number> {
  const [row]: [{ next: number }] = await gateway.dataSource.query(
    `SELECT (last_value + is_called::int)::int AS next FROM users_${system.toLowerCase()}_id_seq`,
  );
  return row.next;
}

/** Ids for imported users that collide with the next generated numbers. */
async function idsAhead(people: number): Promise<ExternalId[][]> {
  const next = await Promise.all(NUMBERED.map(nextNumber));
  return Array.from({ length: people }, (_, i) =>
    NUMBERED.map((system, k) => ({ system, id: String((next[k] ?? 0) + i) })),
  );
}

it("ids of imported users are kept as given", async () => {
  const externalIds = [
    { system: "CLIENTEXEC", id: "999999999999999999", uid: null },
    { system: "ROCKET_CHAT", id: "aobEdbYhXfu5hkeqG", uid: null },
    { system: "JTEL", id: "999999999", uid: "Ünal.1" },
    { system: "OMNIDESK", id: "7" },
  ];
  expect((await created({ externalIds })).externalIds).toEqual([
    ...externalIds.slice(0, 3),
    { system: "OMNIDESK", id: "7", uid: null },
  ]);
});

it("a user created without ids receives one for each system", async () => {
  const user = await created();
  expect(user.externalIds).toEqual([
    { system: "CLIENTEXEC", id: expect.stringMatching(/^[1-9]\d*$/) as string, uid: null },
    { system: "ROCKET_CHAT", id: expect.stringMatching(/^[0-9A-Za-z]{17}$/) as string, uid: null },
    { system: "JTEL", id: expect.stringMatching(/^[1-9]\d*$/) as string, uid: user.username },
    { system: "OMNIDESK", id: expect.stringMatching(/^[1-9]\d*$/) as string, uid: null },
  ]);
});

it.each(SYSTEMS)("the id in %s finds the same user", async (system) => {
  const user = await created();
  await created();
  expect(await find({ system, id: idIn(user, system) })).toEqual(user);
});

it("an id finds its owner in its own system only", async () => {
  const id = "4711";
  const owners = new Map<ExternalSystem, string>();
  for (const system of NUMBERED) {
    owners.set(system, (await created({ externalIds: [{ system, id }] })).id);
  }
  expect(new Set(owners.values()).size).toBe(NUMBERED.length);
  for (const system of NUMBERED) expect((await find({ system, id }))?.id).toBe(owners.get(system));
});

it("a mutation can name the user by an external id", async () => {
  const user = await created();
  const by = { user: { external: { system: "JTEL", id: idIn(user, "JTEL") } } };
  const selection = "presence { user { id } status { id } }";
  const answer = await mutate(gateway, secret, "setStatus", { ...by, statusId: 2 }, selection);
  expect(granted(answer)).toEqual({ presence: { user: { id: user.id }, status: { id: 2 } } });
});

it("new numeric ids skip the ids of imported users", async () => {
  const ahead = await idsAhead(5);
  for (const externalIds of ahead) await created({ externalIds });
  const people = [await created(), await created()];
  for (const system of NUMBERED) {
    const last = Number(ahead.at(-1)?.find((id) => id.system === system)?.id);
    expect(people.map((user) => Number(idIn(user, system)))).toEqual([last + 1, last + 2]);
  }
});

it("concurrent creations directly after imported ids all receive ids", async () => {
  for (const externalIds of await idsAhead(5)) await created({ externalIds });
  const people = await Promise.all(Array.from({ length: 30 }, () => created()));
  for (const system of SYSTEMS) {
    expect(new Set(people.map((user) => idIn(user, system))).size).toBe(people.length);
  }
});

it("a concurrent import and creation never take the same id", async () => {
  const imports = await idsAhead(15);
  const answers = await Promise.all(
    imports.flatMap((externalIds) => [create({ externalIds }), create(), create()]),
  );
  const refused = answers.flatMap(({ errors }, i) => (errors ? [[i % 3, errors[0]]] : []));
  // The number of an import may already be taken; a creation without a number never fails.
  expect(refused.filter(([kind]) => kind !== 0)).toEqual([]);
  for (const [, error] of refused)
    expect(error).toMatchObject({ extensions: { code: "CONFLICT" } });
});

it("jtel's UID is the username unless another user has it", async () => {
  const username = uniqueName();
  const imported = { system: "JTEL", id: "815", uid: username.toUpperCase() };
  await created({ externalIds: [imported] });
  const user = await created({ username });
  const uid = user.externalIds.find(({ system }) => system === "JTEL")?.uid;
  expect(uid).toMatch(new RegExp(`^${username}-.+`));
});

it.each(SYSTEMS)("a taken id in %s is refused and creates no user", async (system) => {
  const id = idIn(await created(), system);
  const username = uniqueName();
  expect(await create({ username, externalIds: [{ system, id }] })).toMatchObject(
    refusal("CONFLICT", { fields: [{ path: "externalIds" }] }),
  );
  const document = `query ($username: String!) { user(by: { username: $username }) { id } }`;
  expect(granted(await gateway.ask(secret, document, { username }))).toBeNull();
});

it.each([
  ["letters", [{ system: "JTEL", id: "12a" }], "externalIds.0.id"],
  ["zero", [{ system: "OMNIDESK", id: "0" }], "externalIds.0.id"],
  ["a leading zero", [{ system: "CLIENTEXEC", id: "012" }], "externalIds.0.id"],
  ["a sign", [{ system: "JTEL", id: "-5" }], "externalIds.0.id"],
  ["other digits", [{ system: "OMNIDESK", id: "١٢" }], "externalIds.0.id"],
  ["a line end", [{ system: "JTEL", id: "12\n" }], "externalIds.0.id"],
  ["too many digits", [{ system: "JTEL", id: "1234567890" }], "externalIds.0.id"],
  ["far too many digits", [{ system: "CLIENTEXEC", id: "1".repeat(19) }], "externalIds.0.id"],
  ["16 characters", [{ system: "ROCKET_CHAT", id: "a".repeat(16) }], "externalIds.0.id"],
  ["a dash", [{ system: "ROCKET_CHAT", id: "-".repeat(17) }], "externalIds.0.id"],
  [
    "two of a system",
    [
      { system: "JTEL", id: "31" },
      { system: "JTEL", id: "32" },
    ],
    "externalIds.0.system",
  ],
  ["a UID elsewhere", [{ system: "OMNIDESK", id: "33", uid: "a" }], "externalIds.0.uid"],
  ["an empty UID", [{ system: "JTEL", id: "34", uid: " " }], "externalIds.0.uid"],
  ["U+0000 in a UID", [{ system: "JTEL", id: "35", uid: "a\u0000" }], "externalIds.0.uid"],
])("%s is refused when a user is created", async (_, externalIds, path) => {
  expect(await create({ externalIds })).toMatchObject(
    refusal("BAD_USER_INPUT", { fields: [{ path }] }),
  );
});

it.each([
  "",
  " ",
  "0",
  "-1",
  "1.0",
  "1e3",
  "0x1",
  "01",
  "2147483648",
  "99999999999999999999",
  "١",
  "\u0000",
  "1\u0000",
  "'; --",
  "\ud800",
])("%j is an unknown id in every system, not an error", async (id) => {
  await givenUser(gateway);
  for (const system of SYSTEMS) expect(await find({ system, id })).toBeNull();
});
