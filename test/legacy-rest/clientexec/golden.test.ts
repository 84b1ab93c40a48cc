import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askClientexec, type UsersOnline, usersOnline } from "./ask-clientexec.js";
import { documentedAnswer } from "./documented-answer.js";

let gateway: TestGateway;
let key: string;
let demo: UsersOnline;
beforeAll(async () => {
  gateway = await startTestGateway({ CLIENTEXEC_LINK_TEMPLATE: "urllinktoticket" });
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("USER_READ");
  demo = await usersOnline(gateway, key);
});
afterAll(() => gateway.stop());

const documented = documentedAnswer({ timestamp: 0, elapsed: "" });

it("with the document's users the response is the document's byte for byte", async () => {
  await gateway.dataSource.query(`DELETE FROM users WHERE clientexec_id >= 24000`);
  const { status, type, text } = await askClientexec(gateway, key);
  expect([status, type]).toEqual([200, "application/json"]);
  const { timestamp, elapsed } = JSON.parse(text) as UsersOnline;
  expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(60);
  expect(elapsed).toMatch(/^\d+\.\d{3}$/);
  expect(text).toBe(JSON.stringify(documentedAnswer({ timestamp, elapsed })));
});

it("among the demo's other users the document's records are unchanged", () => {
  for (const list of ["users", "offlineusers"] as const) {
    const ids = documented[list].map(({ id }) => id);
    expect(demo[list].filter(({ id }) => ids.includes(id))).toEqual(documented[list]);
  }
});

it("the response counts each list", () => {
  expect(demo.users).toHaveLength(demo.count);
  expect(demo.offlineusers).toHaveLength(demo.offlinecount);
  expect(demo.count).toBeGreaterThan(20);
});

it("every record has the document's keys in the document's order", () => {
  for (const list of ["users", "offlineusers"] as const) {
    const keys = Object.keys(documented[list][0] ?? {});
    for (const user of demo[list]) expect(Object.keys(user)).toEqual(keys);
  }
});
