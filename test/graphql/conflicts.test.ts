import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { Arguments, ExampleName } from "../support/operations.js";
import { codeOf, dataOf, faultyFieldsOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenEntry, givenPerson, type Person } from "./given.js";
import { callWith } from "./scene.js";

let gateway: TestGateway;
let admin: string;
let taken: Person;
let other: Person;
let groupId: string;

const TAKEN_IDS = [
  { system: "CLIENTEXEC", id: "900000000000000001" },
  { system: "ROCKET_CHAT", id: "takentakentakent1" },
  { system: "JTEL", id: "900001", uid: "Taken-UID" },
  { system: "OMNIDESK", id: "900002" },
];

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  groupId = await givenEntry(gateway, admin, "Group", "Support");
  taken = await givenPerson(gateway, admin, {
    username: "Taken.One",
    email: "taken@example.com",
    telephone: "+15551230001",
    externalIds: TAKEN_IDS,
    groupIds: [groupId],
  });
  other = await givenPerson(gateway, admin, { telephone: "+15551230001", groupIds: [groupId] });
});
afterAll(() => gateway.stop());

const send = (name: ExampleName, input: Arguments) => callWith(gateway, admin, name, { input });

async function expectConflict(name: ExampleName, input: Arguments, ...fields: string[]) {
  const before = await contentsOf(gateway.dataSource);
  const answer = await send(name, input);
  expect([codeOf(answer), faultyFieldsOf(answer)]).toEqual(["CONFLICT", fields]);
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
  return answer;
}

describe("a taken value is refused by its field, and nothing is written", () => {
  it.each([
    ["username", { username: "taken.ONE" }],
    ["email", { username: "fresh", email: "TAKEN@Example.com" }],
    ...TAKEN_IDS.map(
      (externalId) => ["externalIds", { username: "fresh", externalIds: [externalId] }] as const,
    ),
    [
      "externalIds",
      { username: "fresh", externalIds: [{ system: "JTEL", id: "5", uid: "taken-uid" }] },
    ],
  ] as const)("createUser refuses a taken value: %s", (field, input) =>
    expectConflict("createUser", { ...input, groupIds: [groupId], firstname: "New" }, field),
  );

  it.each([
    ["username", { username: "TAKEN.one" }],
    ["email", { email: "Taken@EXAMPLE.com" }],
  ] as const)("updateUser refuses a taken value: %s", (field, change) =>
    expectConflict(
      "updateUser",
      { user: { id: other.id }, firstname: "New", groupIds: [], ...change },
      field,
    ),
  );

  it.each([
    ["Group", "SUPPORT"],
    ["Campaign", "Spring-Offers"],
    ["View", "My Tickets"],
  ] as const)("the taken name of a %s is refused", async (type, name) => {
    if (type !== "Group") await givenEntry(gateway, admin, type, name.toLowerCase());
    const id = await givenEntry(gateway, admin, type, "another");
    await expectConflict(`create${type}`, { name }, "name");
    await expectConflict(`update${type}`, { id, name }, "name");
  });

  it("the taken name of a Status is refused", async () => {
    await expectConflict("createStatus", { name: "BUSY", class: "AWAY" }, "name");
    await expectConflict("updateStatus", { id: 3, name: "busy", color: "#000000" }, "name");
  });

  it("keeping one's own values is no conflict", async () => {
    const user = { id: taken.id };
    expect(codeOf(await send("updateUser", { user, username: "taken.one" }))).toBe("OK");
    expect(codeOf(await send("updateUser", { user, username: "Taken.One" }))).toBe("OK");
  });
});

it.each(["updateUser", "deactivateUser"] as const)(
  "%s with a stale version returns the current state and changes nothing",
  async (name) => {
    const user = { id: other.id };
    await send("updateUser", { user, firstname: "Newer", email: "newer@example.com" });
    const input = name === "updateUser" ? { firstname: "Stale", groupIds: [] } : {};
    const answer = await expectConflict(name, { user, expectedVersion: 1, ...input });
    const { version } = await storedUser(other.id);
    expect(answer.errors?.[0]?.extensions.current).toMatchObject({
      id: other.id,
      version,
      firstname: "Newer",
      email: "newer@example.com",
      active: true,
    });
    const current = { user, expectedVersion: version, ...input };
    expect(codeOf(await send(name, current))).toBe("OK");
    await send("updateUser", { user, active: true });
  },
);

const storedUser = async (id: string) =>
  dataOf<{ user: { version: number; active: boolean } }>(
    await gateway.ask(admin, `query ($id: ID) { user(by: { id: $id }) { version active } }`, {
      id,
    }),
  ).user;

it("a telephone number of several users matches none, and nothing is changed", async () => {
  const user = { telephone: "+15551230001" };
  await expectConflict("updateUser", { user, firstname: "Both" });
  await expectConflict("lockStatus", { user, statusId: 2 });
});

it("a deactivated user cannot be changed until reactivated", async () => {
  const { id } = await givenPerson(gateway, admin);
  const user = { id };
  await send("deactivateUser", { user });
  await expectConflict("setStatus", { user, statusId: 1 });
  await expectConflict("lockStatus", { user, statusId: 1 });
  await expectConflict("heartbeat", { user });
  await expectConflict("registerAgent", { user, role: "AGENT" });
  expect((await storedUser(id)).active).toBe(false);
  await send("updateUser", { user, active: true });
  expect(codeOf(await send("setStatus", { user, statusId: 1 }))).toBe("OK");
});

it("several mutations in one request succeed or fail separately", async () => {
  const { status, data, errors } = await gateway.ask(
    admin,
    `mutation {
       first: createUser(input: { username: "one.of.three" }) { user { username } }
       second: createUser(input: { username: "ONE.of.three" }) { user { username } }
     }`,
  );
  expect([status, data]).toEqual([200, null]);
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [["second"], "CONFLICT"],
  ]);
  const people: unknown[] = await gateway.dataSource.query(
    `SELECT username FROM users WHERE lower(username) = 'one.of.three'`,
  );
  expect(people).toEqual([{ username: "one.of.three" }]);
});

it("a change without an effect leaves no version, audit record or event", async () => {
  const user = { id: taken.id };
  await send("updateUserSettings", { user, maxChats: 5 });
  await send("registerAgent", { user, role: "AGENT" });
  await send("reportTelephoneStatus", { user, telephoneStatus: "BUSY" });
  const before = await contentsOf(gateway.dataSource);
  for (const [name, input] of [
    ["updateUser", { user, username: "Taken.One", groupIds: [groupId] }],
    ["updateUserSettings", { user, maxChats: 5 }],
    ["registerAgent", { user, role: "AGENT" }],
    ["setAgentAvailability", { user, availability: "AVAILABLE" }],
    ["unlockStatus", { user }],
    ["reportTelephoneStatus", { user, telephoneStatus: "BUSY" }],
    ["updateGroup", { id: groupId, name: "Support" }],
    ["updateStatus", { id: 2, name: "Busy" }],
  ] as const) {
    expect([name, codeOf(await send(name, input))]).toEqual([name, "OK"]);
  }
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
});
