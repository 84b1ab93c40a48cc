import { ImportDirectory, type ImportedUser } from "../../src/domain/import-directory.js";
import { decideImport, type ImportRow } from "../../src/domain/user-import.js";
import type { ImportMode } from "../../src/domain/vocabulary.js";

let keys = 0;
const person = (properties: Partial<ImportedUser>): ImportedUser => {
  keys += 1;
  return {
    key: keys,
    username: `person${keys}`,
    firstname: null,
    lastname: null,
    email: null,
    telephone: null,
    language: "en",
    dateFormat: "en_GB",
    active: true,
    roles: [],
    ids: { JTEL: `${1000 + keys}`, OMNIDESK: `${2000 + keys}` },
    jtelUid: `uid${keys}`,
    importedFrom: new Set(),
    ...properties,
  };
};

const ada = () => person({ username: "ada", email: "ada@example.com", firstname: "Ada" });
const bob = () => person({ username: "bob", email: "bob@example.com" });
const jtel = (id: string, uid?: string) => ({
  externalIds: [{ system: "JTEL" as const, id, uid }],
});
const known = (id: string) => ({
  ids: { JTEL: id, OMNIDESK: `2${id}` },
  importedFrom: new Set(["JTEL"] as const),
});

function decide(
  row: Partial<ImportRow>,
  people: readonly ImportedUser[],
  mode: ImportMode = "FILL",
) {
  return decideImport({ externalIds: [], ...row }, new ImportDirectory(people), mode);
}

it.each<[string, Partial<ImportRow>, () => ImportedUser[], object]>([
  ["a row without a match is created", { username: "eve" }, () => [ada()], { outcome: "CREATED" }],
  [
    "a row without a match and without a username is refused",
    { email: "eve@example.com" },
    () => [ada()],
    {
      outcome: "REFUSED",
      faults: [{ path: "username" }],
    },
  ],
  [
    "a row matches a user by e-mail address",
    { email: "ADA@example.com" },
    () => [ada()],
    {
      outcome: "UNCHANGED",
      matchedBy: "EMAIL",
    },
  ],
  [
    "a row matches a user by username",
    { username: "Ada" },
    () => [ada()],
    {
      outcome: "UNCHANGED",
      matchedBy: "USERNAME",
    },
  ],
  [
    "a row that matches by username and has another user's address is a conflict",
    { username: "ada", email: "bob@example.com" },
    () => [ada(), bob()],
    { outcome: "CONFLICT", faults: [{ path: "email" }] },
  ],
  [
    "a row that matches by username and has a different address is a conflict",
    { username: "ada", email: "other@example.com" },
    () => [ada()],
    { outcome: "CONFLICT", faults: [{ path: "username" }] },
  ],
  [
    "a row matches a user by an imported id before everything else",
    { ...jtel("7"), username: "bob" },
    () => [person({ ...known("7"), username: "seven" }), bob()],
    { outcome: "UNCHANGED", matchedBy: "ID", user: { username: "seven" } },
  ],
  [
    "a generated id is no match",
    { ...jtel("7"), username: "eve" },
    () => [person({ ids: { JTEL: "7" }, username: "ada" })],
    { outcome: "CREATED", displaced: [{ username: "ada", ids: {} }] },
  ],
  [
    "a row that matches by address a user with another imported id is a conflict",
    { ...jtel("8"), email: "ada@example.com" },
    () => [person({ ...known("7"), email: "ada@example.com" })],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "a row that matches by address a user with a generated id replaces that id",
    { ...jtel("8"), email: "ada@example.com" },
    () => [ada()],
    { outcome: "MATCHED", user: { ids: { JTEL: "8" } } },
  ],
  [
    "a row with the ids of two users is a conflict",
    { externalIds: [...jtel("7").externalIds, { system: "OMNIDESK", id: "9" }] },
    () => [
      person(known("7")),
      person({ ids: { OMNIDESK: "9" }, importedFrom: new Set(["OMNIDESK"]) }),
    ],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "a row with the UID of another imported user is a conflict",
    { ...jtel("8", "seven"), username: "eve" },
    () => [person({ ...known("7"), jtelUid: "Seven" })],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "a row with a role for a deactivated user is a conflict",
    { username: "ada", roles: ["AGENT"] },
    () => [person({ username: "ada", active: false })],
    { outcome: "CONFLICT", faults: [{ path: "roles" }] },
  ],
  [
    "a row whose missing address is another user's is a conflict",
    { ...jtel("7"), email: "bob@example.com" },
    () => [person(known("7")), bob()],
    { outcome: "CONFLICT", faults: [{ path: "email" }] },
  ],
])("%s", (_case, row, people, decision) => {
  expect(decide(row, people())).toMatchObject(decision);
});

describe("an existing user", () => {
  const row = {
    ...jtel("7"),
    username: "new",
    firstname: "Grace",
    telephone: "+3120",
    language: "nl",
  };
  const here = () => person({ ...known("7"), username: "ada", firstname: "Ada" });

  it("FILL keeps an existing user's values and adds missing ones", () => {
    const { firstname, telephone, language, username } = Object.assign(here(), {});
    const subject = here();
    expect(decide(row, [subject])).toMatchObject({ outcome: "UPDATED" });
    expect(subject).toMatchObject({ firstname, language, username, telephone: "+3120" });
    expect(telephone).toBeNull();
  });

  it("REPLACE overwrites an existing user's values except the username", () => {
    const subject = here();
    expect(decide(row, [subject], "REPLACE")).toMatchObject({ outcome: "UPDATED" });
    expect(subject).toMatchObject({ firstname: "Grace", language: "nl", username: "ada" });
  });

  it.each(["FILL", "REPLACE"] as const)(
    "%s: importing the same row again changes nothing",
    (mode) => {
      const people = new ImportDirectory([here(), bob()]);
      const again = { ...row, email: "new@example.com", roles: ["AGENT"] as const };
      decideImport(again, people, mode);
      expect(decideImport(again, people, mode)).toMatchObject({ outcome: "UNCHANGED" });
    },
  );

  it("a name that is only split differently is kept", () => {
    const subject = person({ username: "ada", firstname: "Ada Mary", lastname: "King" });
    const cut = { username: "ada", firstname: "Ada", lastname: "Mary King" };
    expect(decide(cut, [subject], "REPLACE")).toMatchObject({ outcome: "UNCHANGED" });
  });
});

it("rows of an import see the decisions of earlier rows", () => {
  const people = new ImportDirectory([]);
  const first = { ...jtel("7"), username: "ada", email: "ada@example.com" };
  expect(decideImport(first, people, "FILL")).toMatchObject({ outcome: "CREATED" });
  expect(decideImport(first, people, "FILL")).toMatchObject({ outcome: "UNCHANGED" });
  expect(decideImport({ ...first, ...jtel("8") }, people, "FILL")).toMatchObject({
    outcome: "CONFLICT",
  });
});
