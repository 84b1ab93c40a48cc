import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { recordSql } from "../../support/record-sql.js";
import { askJtel, recordsOf, uidsOf } from "./ask-jtel.js";

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const search = (uid: string) =>
  askJtel(gateway, key, `/1/users/user?uid=${encodeURIComponent(uid)}`);

it("the search returns the printed response byte for byte", async () => {
  const { status, type, text } = await search("k.vogel");
  expect([status, type]).toEqual([200, "application/json"]);
  expect(text).toBe((await askJtel(gateway, key, "/1/users/user/1009")).text);
});

it("the search finds every user whose UID contains the text, by UID, with their count", async () => {
  const answer = await search("doe");
  expect(uidsOf(answer)).toEqual(["doe.john", "john.doe"]);
  expect(recordsOf(answer)).toMatchObject({ count: 2, status: 200 });
  expect(Object.keys(recordsOf(answer))).toEqual(["records", "count", "status"]);
});

it.each([
  ["the whole", "grace.lindqvist"],
  ["the start", "grace"],
  ["the end", "lindqvist"],
  ["a middle", "ce.lind"],
  ["two letters", "qv"],
  ["another case of letters", "GRACE.Lindqvist"],
])("%s of a UID finds the user", async (_, part) => {
  expect(uidsOf(await search(part))).toEqual(["grace.lindqvist"]);
});

it("the search finds every user by a common text", async () => {
  const answer = await search(".");
  const everybody = uidsOf(await askJtel(gateway, key, "/1/users"));
  expect(uidsOf(answer)).toEqual(everybody.filter((uid) => uid.includes(".")));
});

it("the search ignores letter case in any alphabet", async () => {
  await gateway.dataSource.query(
    `UPDATE users SET jtel_uid = 'ŻANETA.Ölçer' WHERE jtel_uid = 'zaneta.wisniewska'`,
  );
  expect(uidsOf(await search("żaneta.öLÇ"))).toEqual(["ŻANETA.Ölçer"]);
});

it.each(["%", "_", "\\", "k_vogel", "k%vogel", "'", "\u0000", "k.vogel\u0000", "nobody", " "])(
  "the search takes %j literally and receives 404 with a body",
  async (uid) => {
    const { status, type, text } = await search(uid);
    expect([status, type]).toEqual([404, "application/json"]);
    expect(text).toBe(`{"status":404,"error":"User not found"}`);
  },
);

it.each([
  ["a missing uid", ""],
  ["an empty uid", "?uid="],
  ["a uid under another name", "?UID=k.vogel"],
])("%s receives 400 with a body that names it", async (_, query) => {
  for (const path of ["/1/users/user", "/1/users/user/"]) {
    const { status, type, text } = await askJtel(gateway, key, `${path}${query}`);
    expect([status, type]).toEqual([400, "application/json"]);
    expect(JSON.parse(text)).toEqual({ status: 400, error: expect.stringMatching(/\buid\b/) });
  }
});

it("of a repeated uid parameter the last one counts", async () => {
  const answer = await askJtel(gateway, key, "/1/users/user?uid=nobody&uid=k.vogel");
  expect(uidsOf(answer)).toEqual(["k.vogel"]);
});

it("every statement of the search uses an index", async () => {
  const { dataSource } = gateway;
  const statements = await recordSql(dataSource, () => search("vogel"));
  const searches = statements.filter((sql) => sql.includes("jtel_uid) LIKE"));
  expect(searches).toHaveLength(2);
  await dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL enable_seqscan = off`);
    for (const sql of searches) {
      const statement = sql.replace(/^DECLARE .* CURSOR FOR /, "");
      const plan: object[] = await manager.query(`EXPLAIN (GENERIC_PLAN) ${statement}`);
      expect(JSON.stringify(plan)).toContain("users_jtel_uid_search_idx");
    }
  });
});
