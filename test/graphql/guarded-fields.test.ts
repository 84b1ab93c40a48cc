import { guardedFields } from "../../src/domain/permission-table.js";
import { permissions } from "../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenPerson, givenSession, PASSWORD, type Person } from "./given.js";

let gateway: TestGateway;
let admin: string;
let somebody: Person;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  somebody = await givenPerson(gateway, admin, {});
});
afterAll(() => gateway.stop());

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();

/** The selection of each field. */
const selections: Readonly<Record<string, string>> = {
  "User.permissions": "permissions",
  "User.settings": "settings { maxChats }",
  "User.statusHistory": "statusHistory { totalCount }",
  "User.timeInStatus": `timeInStatus(since: "${YESTERDAY}") { seconds }`,
};

const rename = (selection: string) =>
  `mutation ($id: ID!) { updateUser(input: { user: { id: $id }, firstname: "New" }) { user { ...F } } }
   fragment F on User { id ... { again: ${selection} } }`;
const read = (selection: string) => `query ($id: ID!) { user(by: { id: $id }) { ${selection} } }`;

it("every guarded field has an example", () => {
  expect(Object.keys(selections).sort()).toEqual([...guardedFields].sort());
});

describe.each(Object.entries(selections))("%s", (field, selection) => {
  it("a guarded field of the changed user needs USER_READ and is refused before the change", async () => {
    const keys = permissions.filter((permission) => permission !== "ADMIN");
    const secrets = await Promise.all(keys.map((permission) => gateway.givenKey(permission)));
    const before = await contentsOf(gateway.dataSource);
    for (const [index, permission] of keys.entries()) {
      const key = secrets[index] ?? "";
      const answer = await gateway.ask(key, rename(selection), { id: somebody.id });
      if (permission === "USER_READ") expect(answer.errors?.[0]?.path).toEqual(["updateUser"]);
      else {
        expect([answer.status, answer.data, answer.errors?.[0]?.extensions]).toEqual([
          403,
          undefined,
          { code: "FORBIDDEN", action: field },
        ]);
      }
    }
    expect(await contentsOf(gateway.dataSource)).toEqual(before);
    const both = await gateway.givenKey("USER_CUD", "USER_READ");
    expect(codeOf(await gateway.ask(both, rename(selection), { id: somebody.id }))).toBe("OK");
  });

  it("a guarded field of oneself is returned", async () => {
    const person = await givenPerson(gateway, admin, { password: PASSWORD });
    const session = await givenSession(gateway, person);
    dataOf(await gateway.ask(session, read(selection), { id: person.id }));
    const mutation = `mutation { setStatus(input: { user: { id: "${person.id}" }, statusId: 2 }) { presence { user { ${selection} } } } }`;
    dataOf(await gateway.ask(session, mutation));
    const login = `mutation { login(input: { user: "${person.username}", password: "${PASSWORD}" }) { user { ${selection} } } }`;
    dataOf(await gateway.ask(null, login));
  });

  it("a guarded field of another user is not returned to a login that changes them in one request", async () => {
    const person = await givenPerson(gateway, admin, {
      password: PASSWORD,
      permissions: ["USER_CUD"],
    });
    const query = `mutation {
      login(input: { user: "${person.username}", password: "${PASSWORD}" }) { token }
      updateUser(input: { user: { id: "${somebody.id}" }, firstname: "New" }) { user { ${selection} } }
    }`;
    const answer = await gateway.ask(null, query);
    expect([codeOf(answer), answer.data]).toEqual(["UNAUTHENTICATED", undefined]);
  });
});
