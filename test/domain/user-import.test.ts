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
  ["nobody fits: made", { username: "eve" }, () => [ada()], { outcome: "CREATED" }],
  [
    "nobody fits, and no login name: refused",
    { email: "eve@example.com" },
    () => [ada()],
    {
      outcome: "REFUSED",
      faults: [{ path: "username" }],
    },
  ],
  [
    "the address fits",
    { email: "ADA@example.com" },
    () => [ada()],
    {
      outcome: "UNCHANGED",
      matchedBy: "EMAIL",
    },
  ],
  [
    "the login name fits",
    { username: "Ada" },
    () => [ada()],
    {
      outcome: "UNCHANGED",
      matchedBy: "USERNAME",
    },
  ],
  [
    "the login name fits, and the address is another's",
    { username: "ada", email: "bob@example.com" },
    () => [ada(), bob()],
    { outcome: "CONFLICT", faults: [{ path: "email" }] },
  ],
  [
    "the login name fits, and the address is another",
    { username: "ada", email: "other@example.com" },
    () => [ada()],
    { outcome: "CONFLICT", faults: [{ path: "username" }] },
  ],
  [
    "the id fits, whatever else does",
    { ...jtel("7"), username: "bob" },
    () => [person({ ...known("7"), username: "seven" }), bob()],
    { outcome: "UNCHANGED", matchedBy: "ID", user: { username: "seven" } },
  ],
  [
    "an id that was made here proves nothing",
    { ...jtel("7"), username: "eve" },
    () => [person({ ids: { JTEL: "7" }, username: "ada" })],
    { outcome: "CREATED", displaced: [{ username: "ada", ids: {} }] },
  ],
  [
    "the address fits somebody with another id of their own",
    { ...jtel("8"), email: "ada@example.com" },
    () => [person({ ...known("7"), email: "ada@example.com" })],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "the address fits somebody whose id was made here",
    { ...jtel("8"), email: "ada@example.com" },
    () => [ada()],
    { outcome: "MATCHED", user: { ids: { JTEL: "8" } } },
  ],
  [
    "ids of two people",
    { externalIds: [...jtel("7").externalIds, { system: "OMNIDESK", id: "9" }] },
    () => [
      person(known("7")),
      person({ ids: { OMNIDESK: "9" }, importedFrom: new Set(["OMNIDESK"]) }),
    ],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "a uid that is somebody's own",
    { ...jtel("8", "seven"), username: "eve" },
    () => [person({ ...known("7"), jtelUid: "Seven" })],
    { outcome: "CONFLICT", faults: [{ path: "externalIds" }] },
  ],
  [
    "a role for who is deactivated",
    { username: "ada", roles: ["AGENT"] },
    () => [person({ username: "ada", active: false })],
    { outcome: "CONFLICT", faults: [{ path: "roles" }] },
  ],
  [
    "an address that would be filled in and is another's",
    { ...jtel("7"), email: "bob@example.com" },
    () => [person(known("7")), bob()],
    { outcome: "CONFLICT", faults: [{ path: "email" }] },
  ],
])("%s", (_case, row, people, decision) => {
  expect(decide(row, people())).toMatchObject(decision);
});

describe("somebody who is here", () => {
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
