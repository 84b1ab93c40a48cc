import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { givenPerson, givenSession, PASSWORD, type Person } from "./given.js";

const NEW_PASSWORD = "another horse battery";

let gateway: TestGateway;
let admin: string;
let anna: Person;

beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_SESSION_HOURS: "2", AUTH_FAILURES_MAX: "1000" });
  admin = await gateway.givenKey("ADMIN");
  anna = await givenPerson(gateway, admin, {
    username: "Anna.Berg",
    email: "Anna@Example.com",
    password: PASSWORD,
  });
});
afterAll(() => gateway.stop());

const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { token expiresAt user { id username } } }`;

const login = (user: string, password: string) =>
  gateway.ask(null, LOGIN, { input: { user, password } });

const whoIs = async (secret: string): Promise<string | null> => {
  const { data } = await gateway.ask(secret, `{ viewer { name } }`);
  return (data as { viewer: { name: string } } | undefined)?.viewer.name ?? null;
};

const update = async (user: string, change: object): Promise<void> => {
  const input = { user: { username: user }, ...change };
  const answer = await gateway.ask(
    admin,
    `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { __typename } }`,
    { input },
  );
  expect(codeOf(answer)).toBe("OK");
};

describe("signing in", () => {
  it.each(["Anna.Berg", "anna.berg", "ANNA.BERG", "Anna@Example.com", "anna@EXAMPLE.com"])(
    "a login works with %s, and its token is a bearer token",
    async (user) => {
      const signedIn = dataOf<{
        login: { token: string; expiresAt: string; user: Person };
      }>(await login(user, PASSWORD)).login;
      expect(signedIn.user).toEqual({ id: anna.id, username: "Anna.Berg" });
      expect(await whoIs(signedIn.token)).toBe("Anna.Berg");
      const lifetime = new Date(signedIn.expiresAt).getTime() - Date.now();
      expect(lifetime / 3_600_000).toBeCloseTo(2, 1);
    },
  );

  it("a login prefers the username over another user's equal e-mail address", async () => {
    await givenPerson(gateway, admin, { username: "both@example.com", password: PASSWORD });
    await givenPerson(gateway, admin, { email: "both@example.com", password: NEW_PASSWORD });
    expect(codeOf(await login("both@example.com", PASSWORD))).toBe("OK");
    expect(codeOf(await login("both@example.com", NEW_PASSWORD))).toBe("UNAUTHENTICATED");
  });

  it("a refused login has the same message for every reason", async () => {
    await givenPerson(gateway, admin, { username: "no.password" });
    await givenPerson(gateway, admin, { username: "gone", password: PASSWORD });
    await update("gone", { active: false });
    const { status, data, errors } = await login(anna.username, "wrong password");
    expect(errors?.[0]).toMatchObject({ extensions: { code: "UNAUTHENTICATED" } });
    for (const [user, password] of [
      [anna.username, ""],
      [anna.username, PASSWORD.toUpperCase()],
      [anna.username, `${PASSWORD} `],
      ["nobody.at.all", PASSWORD],
      ["", PASSWORD],
      ["%", PASSWORD],
      ["Anna.Berg\u0000\u0000x", PASSWORD],
      ["no.password", PASSWORD],
      ["no.password", ""],
      ["gone", PASSWORD],
    ] as const) {
      expect({ user, ...(await login(user, password)) }).toMatchObject({
        user,
        status,
        data,
        errors,
      });
    }
  });

  it("a login of an unknown user takes as long as a wrong password", async () => {
    const shortest = { [anna.username]: Infinity, "nobody.at.all": Infinity };
    for (let i = 0; i < 10; i += 1) {
      for (const [user, time] of Object.entries(shortest)) {
        const startedAt = performance.now();
        await login(user, "wrong password");
        shortest[user] = Math.min(time, performance.now() - startedAt);
      }
    }
    const known = shortest[anna.username] ?? 0;
    expect(shortest["nobody.at.all"]).toBeGreaterThan(0.3 * known);
  });

  it("fields after a login in the same request run as the user", async () => {
    const answer = await gateway.ask(
      null,
      `mutation ($input: LoginInput!) {
         login(input: $input) { user { presence { status { id } } } }
         setStatus(input: { user: { username: "anna.berg" }, statusId: 2 }) { presence { status { id } } }
       }`,
      { input: { user: "anna.berg", password: PASSWORD } },
    );
    expect(answer.data).toMatchObject({ setStatus: { presence: { status: { id: 2 } } } });
  });
});

describe("signing out", () => {
  const logout = (secret: string) => gateway.ask(secret, `mutation { logout { ok } }`);

  it("logout ends the session of the request and no other", async () => {
    const [first, second] = [await givenSession(gateway, anna), await givenSession(gateway, anna)];
    expect(first).not.toBe(second);
    expect(dataOf(await logout(first))).toEqual({ logout: { ok: true } });
    const refused = await gateway.ask(first, `{ viewer { name } }`);
    expect([refused.status, codeOf(refused)]).toEqual([401, "UNAUTHENTICATED"]);
    expect(await whoIs(second)).toBe("Anna.Berg");
    expect((await logout(first)).status).toBe(401);
  });

  it("logout is refused for API keys, which stay valid", async () => {
    const key = await gateway.givenKey("USER_READ");
    expect(codeOf(await logout(key))).toBe("CONFLICT");
    expect(await whoIs(key)).not.toBeNull();
  });
});

describe("the end of every session of a user", () => {
  it.each([
    ["the password changes", { password: NEW_PASSWORD }],
    ["the password is removed", { password: null }],
    ["the user is deactivated", { active: false }],
  ])("every session of a user ends when %s", async (_, change) => {
    const person = await givenPerson(gateway, admin, { password: PASSWORD });
    const sessions = [await givenSession(gateway, person), await givenSession(gateway, person)];
    const bystander = await givenSession(gateway, anna);
    await update(person.username, change);
    for (const session of sessions) expect(await whoIs(session)).toBeNull();
    expect(await whoIs(bystander)).toBe("Anna.Berg");

    await update(person.username, { active: true });
    for (const session of sessions) expect(await whoIs(session)).toBeNull();
  });

  it("no session ends when something else changes", async () => {
    const person = await givenPerson(gateway, admin, { password: PASSWORD });
    const session = await givenSession(gateway, person);
    await update(person.username, { firstname: "New", permissions: ["USER_READ"] });
    expect(await whoIs(session)).toBe(person.username);
  });
});

it("after a change only the new password works", async () => {
  const { username } = await givenPerson(gateway, admin, { password: PASSWORD });
  await update(username, { password: NEW_PASSWORD });
  expect(codeOf(await login(username, PASSWORD))).toBe("UNAUTHENTICATED");
  expect(codeOf(await login(username, NEW_PASSWORD))).toBe("OK");
});

it("a session has the user's current permissions, not those at login", async () => {
  const person = await givenPerson(gateway, admin, { password: PASSWORD });
  const session = await givenSession(gateway, person);
  const list = () => gateway.ask(session, `{ users { totalCount } }`);
  expect(codeOf(await list())).toBe("FORBIDDEN");
  await update(person.username, { permissions: ["USER_READ"] });
  expect(codeOf(await list())).toBe("OK");
  await update(person.username, { permissions: [] });
  expect(codeOf(await list())).toBe("FORBIDDEN");
});

it("a session expires by itself at its end", async () => {
  const session = await givenSession(gateway, anna);
  expect(await whoIs(session)).toBe("Anna.Berg");
  const soon = new Date(Date.now() + 300);
  await gateway.dataSource.query(
    `UPDATE login_sessions SET expires_at = $1 WHERE id = (SELECT max(id) FROM login_sessions)`,
    [soon],
  );
  await eventually(async () => expect(await whoIs(session)).toBeNull());
  expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime());
  const refused = await gateway.ask(session, `{ viewer { name } }`);
  expect([refused.status, codeOf(refused)]).toEqual([401, "UNAUTHENTICATED"]);
});
