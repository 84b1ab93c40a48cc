import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askJtel, recordsOf } from "./ask-jtel.js";

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

it("GET users/user/{UsersID} returns the printed response byte for byte", async () => {
  const { status, type, text } = await askJtel(gateway, key, "/1/users/user/1009");
  expect([status, type]).toEqual([200, "application/json"]);
  expect(text).toBe(
    `{"records":[{"bTelCallsForwarding":false,"bUseWebMail":true,` +
      `"dtPBXTelephoneStatus":"2020-07-07T06:20:14.558","bUseWebEmail":true,` +
      `"ID":1009,"UID":"k.vogel","AgentStatusID":1,"PBXTelStatus":0,"ClientsID":1,` +
      `"ResellersID":1,"TelStatusID":0,"AgentStatusAfterLogoutRejectedID":null}],"count":1,"status":200}`,
  );
});

it("one user's record equals the one in the list", async () => {
  const { records } = recordsOf(await askJtel(gateway, key, "/1/users"));
  for (const record of [records[0], records.at(-1)]) {
    const one = await askJtel(gateway, key, `/1/users/user/${record?.ID}`);
    expect(recordsOf(one)).toEqual({ records: [record], count: 1, status: 200 });
  }
});

// 101, 1 and 4145 are ids of users in Rollcall, Omnidesk and Clientexec.
it.each([
  ["of no user", "999999"],
  ["that Rollcall assigned", "101"],
  ["that Omnidesk assigned", "1"],
  ["that Clientexec assigned", "4145"],
  ["below one", "0"],
  ["below zero", "-1"],
  ["beyond integers", "2147483648"],
  ["beyond all numbers", "9".repeat(300)],
  ["with a fraction", "1009.0"],
  ["in words", "k.vogel"],
  ["of garbage", "%00%F0%9F%92%A9'--"],
  ["of white space", "%20"],
  ["with malformed percent-encoding", "%E0%A4%A"],
])("a jtel id %s receives 404 with the published body", async (_, id) => {
  const { status, type, text } = await askJtel(gateway, key, `/1/users/user/${id}`);
  expect([status, type]).toEqual([404, "application/json"]);
  expect(text).toBe(`{"status":404,"error":"User not found"}`);
});
