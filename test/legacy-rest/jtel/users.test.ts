import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askJtel, type JtelAnswer, recordsOf, uidsOf } from "./ask-jtel.js";

const PEOPLE = 62;

/** The record of the document's examples, with the fields that the document omits. */
const KATHARINA = {
  bTelCallsForwarding: false,
  bUseWebMail: true,
  dtPBXTelephoneStatus: "2020-07-07T06:20:14.558",
  bUseWebEmail: true,
  ID: 1009,
  UID: "k.vogel",
  AgentStatusID: 1,
  PBXTelStatus: 0,
  ClientsID: 1,
  ResellersID: 1,
  TelStatusID: 0,
  AgentStatusAfterLogoutRejectedID: null,
};

let gateway: TestGateway;
let key: string;
let list: JtelAnswer;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("USER_READ");
  list = await askJtel(gateway, key, "/1/users");
});
afterAll(() => gateway.stop());

/** Changes something through GraphQL. */
async function mutate(mutation: string, input: object): Promise<unknown> {
  const admin = await gateway.givenKey("ADMIN");
  const [name = ""] = mutation.split(" ");
  const { data, errors } = await gateway.ask(
    admin,
    `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) ${mutation.slice(name.length)} }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data?.[name];
}

const KATHARINA_BY = { external: { system: "JTEL", id: "1009" } };

const userNow = async (id: number) =>
  recordsOf(await askJtel(gateway, key, `/1/users/user/${id}`)).records[0];

describe("GET users", () => {
  it("GET users has the document's envelope byte for byte", () => {
    expect(list).toMatchObject({ status: 200, type: "application/json" });
    expect(list.text).toMatch(
      /^\{"filter":"","limitStart":0,"limitPageSize":-1,"records":\[\{"bTel/,
    );
    expect(list.text).toMatch(
      new RegExp(`\\}\\],"count":${PEOPLE},"orderBy":"UID","ascending":true,"status":200\\}$`),
    );
  });

  it("GET users contains the document's record byte for byte", () => {
    expect(list.text).toContain(JSON.stringify(KATHARINA));
  });

  it("GET users returns every user once, by UID, with their count", () => {
    const { records, count } = recordsOf(list);
    expect([records.length, count]).toEqual([PEOPLE, PEOPLE]);
    expect(new Set(records.map(({ ID }) => ID)).size).toBe(PEOPLE);
    expect(uidsOf(list)).toEqual([...uidsOf(list)].sort());
  });

  it("GET users gives every record the same fields in the same order", () => {
    for (const record of recordsOf(list).records) {
      expect(Object.keys(record)).toEqual(Object.keys(KATHARINA));
    }
  });

  it("GET users ignores unknown and reserved parameters", async () => {
    const { text } = await askJtel(gateway, key, "/1/users?limitStart=5&limitPageSize=2&filter=x");
    expect(text).toBe(list.text);
  });

  it("GET users accepts a trailing slash", async () => {
    expect((await askJtel(gateway, key, "/1/users/")).text).toBe(list.text);
  });
});

describe("a record", () => {
  it("a record has the telephone status and its time in milliseconds without a zone", async () => {
    const before = recordsOf(list).records.filter(({ TelStatusID }) => TelStatusID !== 0);
    expect(
      before.map(({ UID, TelStatusID, PBXTelStatus }) => [UID, TelStatusID, PBXTelStatus]),
    ).toEqual([
      ["giorgos.papadakis", 2, 2],
      ["olga.smirnova", 1, 1],
    ]);
    const { presence } = (await mutate(
      "reportTelephoneStatus { presence { telephoneChangedAt } }",
      { user: { username: "john.doe" }, telephoneStatus: "RINGING" },
    )) as { presence: { telephoneChangedAt: string } };
    expect(await userNow(1003)).toMatchObject({
      UID: "john.doe",
      TelStatusID: 2,
      PBXTelStatus: 2,
      dtPBXTelephoneStatus: presence.telephoneChangedAt.replace(/Z$/, ""),
    });
  });

  it("a record has null for a line that never changed", async () => {
    expect(await userNow(1001)).toMatchObject({ dtPBXTelephoneStatus: null, TelStatusID: 0 });
  });

  it.each([2, 5, 4])("a record has status %d as soon as GraphQL has set it", async (statusId) => {
    await mutate("setStatus { applied }", { user: KATHARINA_BY, statusId });
    expect(await userNow(1009)).toMatchObject({ AgentStatusID: statusId });
  });

  it.each([
    ["bTelCallsForwarding", "telephoneCallsForwarding", true],
    ["bUseWebMail", "useWebMail", false],
    ["bUseWebEmail", "useWebEmail", false],
  ])("a record has %s as soon as GraphQL has set %s", async (field, setting, value) => {
    await mutate("updateUserSettings { settings { maxChats } }", {
      user: KATHARINA_BY,
      [setting]: value,
    });
    expect(await userNow(1009)).toMatchObject({ [field]: value });
  });
});
