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

it("answers as the document prints it, to the byte", async () => {
  const { status, type, text } = await search("k.vogel");
  expect([status, type]).toEqual([200, "application/json"]);
  expect(text).toBe((await askJtel(gateway, key, "/1/users/user/1009")).text);
});

it("finds all that have the text in their UID, by UID, and counts them", async () => {
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
])("%s of a UID finds it", async (_, part) => {
  expect(uidsOf(await search(part))).toEqual(["grace.lindqvist"]);
});

it("finds everybody by what all have", async () => {
  const answer = await search(".");
  const everybody = uidsOf(await askJtel(gateway, key, "/1/users"));
  expect(uidsOf(answer)).toEqual(everybody.filter((uid) => uid.includes(".")));
});

it("the same letters of any alphabet are found in any case", async () => {
  await gateway.dataSource.query(
    `UPDATE users SET jtel_uid = 'ŻANETA.Ölçer' WHERE jtel_uid = 'zaneta.wisniewska'`,
  );
  expect(uidsOf(await search("żaneta.öLÇ"))).toEqual(["ŻANETA.Ölçer"]);
});

it.each(["%", "_", "\\", "k_vogel", "k%vogel", "'", "\u0000", "k.vogel\u0000", "nobody", " "])(
  "%j stands for itself: nobody has it, which is 404 with a body",
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
])("%s is 400 with a body that names it", async (_, query) => {
  for (const path of ["/1/users/user", "/1/users/user/"]) {
    const { status, type, text } = await askJtel(gateway, key, `${path}${query}`);
    expect([status, type]).toEqual([400, "application/json"]);
    expect(JSON.parse(text)).toEqual({ status: 400, error: expect.stringMatching(/\buid\b/) });
  }
});

it("of a uid given twice, the last one counts", async () => {
  const answer = await askJtel(gateway, key, "/1/users/user?uid=nobody&uid=k.vogel");
  expect(uidsOf(answer)).toEqual(["k.vogel"]);
});

it("needs not look at everybody: each statement has an index for the text", async () => {
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
