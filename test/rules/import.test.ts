import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { recordSql } from "../support/record-sql.js";
import { givenUser, uniqueName } from "../support/given.js";

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

interface Result {
  readonly outcome: string;
  readonly username: string | null;
  readonly matchedBy: string | null;
  readonly faults: { path: string; message: string }[];
}

async function importUsers(rows: object[], more: object = {}): Promise<Result[]> {
  const { data, errors } = await gateway.ask(
    admin,
    `mutation ($input: ImportUsersInput!) {
       importUsers(input: $input) { results { row outcome username matchedBy faults { path message } } }
     }`,
    { input: { rows, ...more } },
  );
  expect(errors).toBeUndefined();
  return (data as { importUsers: { results: Result[] } }).importUsers.results;
}

const outcomes = async (rows: object[], more: object = {}) =>
  (await importUsers(rows, more)).map(({ outcome }) => outcome);

const jtelUser = async (id: number | string) => {
  const response = await fetch(`${gateway.url}/rest/v1.0/1/users/user/${id}`, {
    headers: { authorization: `Bearer ${admin}` },
  });
  return ((await response.json()) as { records?: { UID: string; ID: number }[] }).records?.[0];
};

let ids = 500_000;
const jtel = (uid?: string) => {
  ids += 1;
  return [{ system: "JTEL", id: String(ids), ...(uid && { uid }) }];
};

it("an imported new user has presence and settings and is found by the old id; a second import changes nothing", async () => {
  const username = uniqueName();
  const row = {
    username,
    externalIds: jtel("Old.UID"),
    email: `${username}@example.com`,
    telephone: "+31201234567",
    roles: ["AGENT"],
  };
  expect(await importUsers([row])).toMatchObject([{ row: 0, outcome: "CREATED", username }]);
  expect(await jtelUser(ids)).toMatchObject({ ID: ids, UID: "Old.UID" });
  const { data } = await gateway.ask(
    admin,
    `query ($by: UserBy!) { user(by: $by) { version email livechatRoles presence { status { name } } settings { maxChats } } }`,
    { by: { username } },
  );
  expect(data).toMatchObject({
    user: {
      version: 1,
      email: row.email,
      livechatRoles: ["AGENT"],
      presence: { status: { name: "Offline" } },
    },
  });
  const audits = () => gateway.dataSource.query(`SELECT count(*) FROM audit_records`);
  const before: unknown = await audits();
  expect(await importUsers([row])).toMatchObject([{ outcome: "UNCHANGED", matchedBy: "ID" }]);
  expect(await importUsers([row], { mode: "REPLACE" })).toMatchObject([{ outcome: "UNCHANGED" }]);
  expect(await audits()).toEqual(before);
});

it("an existing user is matched by e-mail address and receives the old id", async () => {
  const email = `${uniqueName()}@example.com`;
  const { username, globalId, jtelId } = await givenUser(gateway, { email });
  const row = { username: uniqueName(), externalIds: jtel(), email, firstname: "Ada" };
  expect(await importUsers([row])).toMatchObject([
    { outcome: "UPDATED", username, matchedBy: "EMAIL" },
  ]);
  expect(await jtelUser(ids)).toBeDefined();
  expect(await jtelUser(jtelId)).toBeUndefined();
  const { data } = await gateway.ask(
    admin,
    `query ($id: String!) { auditRecords(first: 1, filter: { targetId: $id }) { nodes { action before after } } }`,
    { id: globalId },
  );
  expect(data).toMatchObject({
    auditRecords: {
      nodes: [{ action: "importUsers", before: { firstname: null }, after: { firstname: "Ada" } }],
    },
  });
});

it("an imported id replaces a generated one, but not another imported one", async () => {
  const holder = await givenUser(gateway);
  const externalIds = [{ system: "JTEL", id: String(holder.jtelId) }];
  const username = uniqueName();
  expect(await outcomes([{ username, externalIds }])).toEqual(["CREATED"]);
  expect(await jtelUser(holder.jtelId)).toMatchObject({ UID: username });
  const { data } = await gateway.ask(
    admin,
    `query ($by: UserBy!) { user(by: $by) { externalIds { system id } } }`,
    { by: { username: holder.username } },
  );
  const { externalIds: now } = (data as { user: { externalIds: { system: string; id: string }[] } })
    .user;
  const moved = now.find(({ system }) => system === "JTEL")?.id ?? "";
  expect(await jtelUser(moved)).toMatchObject({ UID: holder.username });

  const given = jtel()[0] as { system: "JTEL"; id: string };
  await givenUser(gateway, { externalIds: [given] });
  const other = [{ username: holder.username, externalIds: [given] }];
  expect(await importUsers(other)).toMatchObject([{ matchedBy: "ID" }]);
});

it("each row has its own outcome: conflicts and errors do not stop other rows", async () => {
  const [one, two] = [
    await givenUser(gateway),
    await givenUser(gateway, { email: `${uniqueName()}@example.com` }),
  ];
  const fine = uniqueName();
  const results = await importUsers([
    { username: one.username, email: two.email },
    { username: "not a name", telephone: "12" },
    { externalIds: [{ system: "JTEL", id: "seven" }], username: uniqueName() },
    { username: fine },
    { username: fine.toUpperCase() },
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual([
    "CONFLICT",
    "REFUSED",
    "REFUSED",
    "CREATED",
    "UNCHANGED",
  ]);
  expect(results.map(({ faults }) => faults.map(({ path }) => path))).toEqual([
    ["email"],
    ["username", "telephone"],
    ["externalIds.0.id"],
    [],
    [],
  ]);
});

it("a dry run returns the same outcomes and changes nothing", async () => {
  const rows = [{ username: uniqueName(), externalIds: jtel() }, { username: "not a name" }];
  expect(await outcomes(rows, { dryRun: true })).toEqual(["CREATED", "REFUSED"]);
  expect(await jtelUser(ids)).toBeUndefined();
  expect(await outcomes(rows)).toEqual(["CREATED", "REFUSED"]);
});

it("two concurrent imports of the same users create each once", async () => {
  const rows = Array.from({ length: 20 }, () => ({ username: uniqueName(), externalIds: jtel() }));
  const [first, second] = await Promise.all([outcomes(rows), outcomes([...rows].reverse())]);
  const all = [...(first ?? []), ...(second ?? [])].sort();
  expect(all).toEqual([...rows.map(() => "CREATED"), ...rows.map(() => "UNCHANGED")]);
});

it("the number of statements does not depend on the number of new users", async () => {
  const statements = async (count: number) => {
    const rows = Array.from({ length: count }, () => ({
      username: uniqueName(),
      externalIds: jtel(),
      roles: ["AGENT"],
    }));
    const texts = await recordSql(gateway.dataSource, () => outcomes(rows));
    return texts.filter((text) => /^\s*INSERT INTO/.test(text)).length;
  };
  const few = await statements(2);
  expect(few).toBeGreaterThan(3);
  expect(await statements(50)).toBe(few);
});
