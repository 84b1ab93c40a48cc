import { type Permission, permissions } from "../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenPerson, givenSession, PASSWORD } from "./given.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const createUser = (secret: string, input: object) =>
  gateway.ask(
    secret,
    `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
    { input },
  );

const updateUser = (secret: string, id: string, change: object) =>
  gateway.ask(
    secret,
    `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`,
    { input: { user: { id }, ...change } },
  );

const permissionsOf = async (id: string) => {
  const answer = await gateway.ask(
    admin,
    `query ($id: ID) { user(by: { id: $id }) { permissions } }`,
    {
      id,
    },
  );
  return dataOf<{ user: { permissions: Permission[] } }>(answer).user.permissions;
};

async function expectForbidden(ask: () => ReturnType<typeof gateway.ask>) {
  const before = await contentsOf(gateway.dataSource);
  expect(codeOf(await ask())).toBe("FORBIDDEN");
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
}

/** The permissions of a caller beside USER_CUD, and those that it does not hold. */
const holders: readonly [held: Permission[], beyond: Permission[]][] = [
  [["USER_CUD"], ["USER_READ", "API_RESERVE_USER", "USER_ANONYMOUS_BROWSING_UPDATE", "ADMIN"]],
  [
    ["USER_CUD", "USER_READ", "API_RESERVE_USER"],
    ["USER_ANONYMOUS_BROWSING_UPDATE", "ADMIN"],
  ],
];

describe.each(holders)("a caller with %j", (held, beyond) => {
  let key: string;
  beforeAll(async () => {
    key = await gateway.givenKey(...held);
  });

  it("a caller may grant its own permissions to a new user", async () => {
    const answer = await createUser(key, { username: `granted-${held.length}`, permissions: held });
    const { createUser: created } = dataOf<{ createUser: { user: { id: string } } }>(answer);
    expect(await permissionsOf(created.user.id)).toEqual(held);
  });

  it.each(beyond)("a caller may not grant %s to a new user", (permission) =>
    expectForbidden(() =>
      createUser(key, {
        username: "greedy",
        permissions: [...held, permission],
        password: PASSWORD,
      }),
    ),
  );

  it.each(beyond)("a caller may not grant %s to an existing user", async (permission) => {
    const { id } = await givenPerson(gateway, admin);
    await expectForbidden(() => updateUser(key, id, { permissions: [permission] }));
    expect(await permissionsOf(id)).toEqual([]);
  });

  it.each(beyond)("a caller may not revoke %s from a user", async (permission) => {
    const { id } = await givenPerson(gateway, admin, { permissions: [permission] });
    await expectForbidden(() => updateUser(key, id, { permissions: [] }));
    await expectForbidden(() => updateUser(key, id, { permissions: held }));
    expect(await permissionsOf(id)).toEqual([permission]);
  });

  it.each(beyond)("a caller may not set the password of a user with %s", async (permission) => {
    const { id, username } = await givenPerson(gateway, admin, {
      permissions: [permission],
      password: PASSWORD,
    });
    await expectForbidden(() => updateUser(key, id, { password: "taken over by somebody" }));
    await expectForbidden(() => updateUser(key, id, { password: null }));
    await expectForbidden(() =>
      updateUser(key, id, { permissions: [], password: "taken over by somebody" }),
    );
    await givenSession(gateway, { username });
  });

  it("a caller may change the password of a user with no further permission", async () => {
    const { id } = await givenPerson(gateway, admin, { permissions: held });
    expect(codeOf(await updateUser(key, id, { password: PASSWORD }))).toBe("OK");
  });

  it("a caller may change other properties of a user with further permissions", async () => {
    const { id } = await givenPerson(gateway, admin, { permissions: ["ADMIN"] });
    expect(codeOf(await updateUser(key, id, { firstname: "Changed" }))).toBe("OK");
    expect(await permissionsOf(id)).toEqual(["ADMIN"]);
  });
});

it("a session grants no more than a key would", async () => {
  const clerk = await givenPerson(gateway, admin, {
    permissions: ["USER_CUD"],
    password: PASSWORD,
  });
  const session = await givenSession(gateway, clerk);
  await expectForbidden(() =>
    updateUser(session, clerk.id, { permissions: ["USER_CUD", "ADMIN"] }),
  );
  await expectForbidden(() => createUser(session, { username: "puppet", permissions: ["ADMIN"] }));
});

it("ADMIN grants every permission, each once", async () => {
  const answer = await createUser(admin, {
    username: "almighty",
    permissions: [...permissions, ...permissions],
  });
  const { createUser: created } = dataOf<{ createUser: { user: { id: string } } }>(answer);
  expect(await permissionsOf(created.user.id)).toEqual([...permissions]);
});

describe("the incognito mode", () => {
  const settings = (secret: string, id: string, change: object) =>
    gateway.ask(
      secret,
      `mutation ($input: UpdateUserSettingsInput!) { updateUserSettings(input: $input) { settings { ticketIncognitoMode maxChats } } }`,
      { input: { user: { id }, ...change } },
    );
  const both = { ticketIncognitoMode: true, maxChats: 9 };

  it("incognito mode with another setting needs the permissions of both", async () => {
    const { id } = await givenPerson(gateway, admin);
    const incognito = await gateway.givenKey("USER_ANONYMOUS_BROWSING_UPDATE");
    const cud = await gateway.givenKey("USER_CUD");
    await expectForbidden(async () => settings(incognito, id, both));
    await expectForbidden(async () => settings(cud, id, both));
    const key = await gateway.givenKey("USER_ANONYMOUS_BROWSING_UPDATE", "USER_CUD");
    expect(dataOf(await settings(key, id, both))).toEqual({
      updateUserSettings: { settings: both },
    });
  });

  it("a user changes their own incognito mode without a permission", async () => {
    const person = await givenPerson(gateway, admin, { password: PASSWORD });
    const session = await givenSession(gateway, person);
    expect(codeOf(await settings(session, person.id, both))).toBe("OK");
  });
});

it("no audit record or event holds a secret", async () => {
  const oldPassword = "the old secret password";
  const newPassword = "the new secret password";
  const person = await givenPerson(gateway, admin, { password: oldPassword });
  const token = await givenSession(gateway, person, oldPassword);
  await updateUser(admin, person.id, { password: newPassword, firstname: "New" });
  const secondToken = await givenSession(gateway, person, newPassword);
  await gateway.ask(secondToken, `mutation { logout { ok } }`);
  const { createApiKey } = dataOf<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    await gateway.ask(
      admin,
      `mutation { createApiKey(input: { name: "k", permissions: [USER_READ] }) { secret apiKey { id } } }`,
    ),
  );
  await gateway.ask(
    admin,
    `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }`,
    {
      id: createApiKey.apiKey.id,
    },
  );

  const [{ text }]: [{ text: string }] = await gateway.dataSource.query(
    `SELECT (SELECT string_agg(a::text, E'\\n') FROM audit_records a) || (SELECT string_agg(e::text, E'\\n') FROM events e) AS text`,
  );
  for (const action of [
    "createUser",
    "login",
    "updateUser",
    "logout",
    "createApiKey",
    "revokeApiKey",
  ])
    expect(text).toContain(action);
  const { secret } = createApiKey;
  for (const hidden of [oldPassword, newPassword, token, secondToken, secret]) {
    expect(text).not.toContain(hidden);
    expect(text).not.toContain(hidden.slice(-20));
  }
  const hashes: { hash: string }[] = await gateway.dataSource.query(
    `SELECT password_hash AS hash FROM users WHERE password_hash IS NOT NULL
     UNION SELECT encode(secret_hash, 'hex') FROM api_keys
     UNION SELECT encode(token_hash, 'hex') FROM login_sessions`,
  );
  expect(hashes.length).toBeGreaterThan(3);
  for (const { hash } of hashes) expect(text).not.toContain(hash);
  expect(text).toContain(`"password": "changed"`.replaceAll('"', '""'));
});
