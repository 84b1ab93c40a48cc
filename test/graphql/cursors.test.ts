import fc from "fast-check";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { Arguments } from "../support/operations.js";
import { codeOf, dataOf, faultyFieldsOf } from "./answers.js";
import { givenContactCentre } from "./contact-centre.js";
import { askPage, fetchPage, type List } from "./walk.js";

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  await givenContactCentre(gateway.dataSource, 12);
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

/** Every list in every order. */
const lists: readonly (readonly [List, Arguments])[] = [
  ["users", { orderBy: { field: "USERNAME" } }],
  ["users", { orderBy: { field: "NAME", direction: "DESC" } }],
  ["users", { orderBy: { field: "CREATED_AT" } }],
  ["agents", { orderBy: { field: "USERNAME" } }],
  ["agents", { orderBy: { field: "REGISTERED_AT", direction: "DESC" } }],
  ["presences", {}],
];

const forwardLists = {
  auditRecords: `query ($first: Int, $after: Cursor) {
    page: auditRecords(first: $first, after: $after) { edges { cursor } } }`,
  statusHistory: `query ($first: Int, $after: Cursor) {
    user(by: { username: "load000001" }) {
      page: statusHistory(first: $first, after: $after) { edges { cursor } } } }`,
};
type ForwardList = keyof typeof forwardLists;
const forwardNames = Object.keys(forwardLists) as ForwardList[];

const askForward = (list: ForwardList, given: Arguments) =>
  gateway.ask(admin, forwardLists[list], { ...given });

const cursorOf = (...parts: unknown[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** Cursors that no list has issued, though some look similar. */
const forged: readonly string[] = [
  "",
  " ",
  "garbage",
  "\u0000",
  Buffer.from("[").toString("base64url"),
  cursorOf(),
  cursorOf(null),
  cursorOf("username"),
  cursorOf("username", null),
  cursorOf("username", 1),
  cursorOf("username", "a", "b"),
  cursorOf("username", "a\u0000"),
  cursorOf("agentUsername", "\u0000"),
  cursorOf("name", "a", "b"),
  cursorOf("name", "a", "b", "1.5"),
  cursorOf("name", "a", "b", "-1"),
  cursorOf("name", "a", "b", "2147483648"),
  cursorOf("name", "a", "b", "1; DROP TABLE users"),
  cursorOf("user", "99999999999"),
  cursorOf("user", ""),
  cursorOf("audit", "9223372036854775808"),
  cursorOf("audit", "1e3"),
];

/** Cursors of lists in the order of a time: only such a list parses the time. */
const timed: Readonly<Record<string, string>> = {
  CREATED_AT: "createdAt",
  REGISTERED_AT: "registeredAt",
  statusHistory: "history",
};

const forgedFor = (order: string): readonly string[] => {
  const name = timed[order];
  return name === undefined ? forged : [...forged, ...forgedTimes(name)];
};

const forgedTimes = (name: string): string[] =>
  [
    "2024-02-31 10:00:00+00",
    "2024-13-01 10:00:00+00",
    "2024-00-00 10:00:00+00",
    "0000-01-01 10:00:00+00",
    "2024-01-01 25:00:00+00",
    "2024-01-01 10:60:00+00",
    "2024-01-01 10:00:60+00",
    "2024-01-01 10:00:00+99",
    "2024-01-01 10:00:00+00:99",
    "2024-01-01 10:00:00.1234567+00",
    "2024-01-01T10:00:00Z",
    "infinity",
    "now",
    "",
  ].map((time) => cursorOf(name, time, "1"));

async function expectFault(
  answer: ReturnType<typeof gateway.ask>,
  argument: string,
  cause: unknown,
) {
  const refusal = await answer;
  expect({ cause, code: codeOf(refusal), fields: faultyFieldsOf(refusal) }).toEqual({
    cause,
    code: "BAD_USER_INPUT",
    fields: [argument],
  });
}

describe("a foreign cursor is refused with the name of its argument", () => {
  it.each(lists)(
    "%s %j refuses a foreign cursor with the name of its argument",
    async (list, what) => {
      const { field = "" } = (what["orderBy"] ?? {}) as { field?: string };
      for (const cursor of forgedFor(field)) {
        for (const argument of ["after", "before"]) {
          const given = { ...what, [argument]: cursor };
          await expectFault(askPage(gateway, admin, list, given), argument, cursor);
        }
      }
    },
  );

  it.each(forwardNames)(
    "%s refuses a foreign cursor with the name of its argument",
    async (list) => {
      for (const after of forgedFor(list)) {
        await expectFault(askForward(list, { after }), "after", after);
      }
    },
  );

  it("a cursor of another list or another order is refused", async () => {
    const own = new Map<string, string>();
    for (const [list, what] of lists) {
      const { edges } = await fetchPage(gateway, admin, list, { ...what, first: 1 });
      own.set(JSON.stringify([list, what]), edges[0]?.cursor ?? "");
    }
    for (const list of forwardNames) own.set(list, await firstCursorOf(list));

    for (const [list, what] of lists) {
      for (const [origin, cursor] of own) {
        if (origin === JSON.stringify([list, what])) continue;
        await expectFault(
          askPage(gateway, admin, list, { ...what, after: cursor }),
          "after",
          origin,
        );
      }
    }
    for (const list of forwardNames) {
      for (const [origin, after] of own) {
        if (origin !== list) await expectFault(askForward(list, { after }), "after", origin);
      }
    }
  });

  it("any text that is no cursor is refused", async () => {
    const text = fc
      .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 20 })
      .map((codePoints) => String.fromCodePoint(...codePoints));
    const key = fc.oneof(text, fc.nat().map(String), fc.date().map(String));
    const name = fc.constantFrom("username", "name", "createdAt", "user", "audit", "history");
    const cursor = fc.oneof(
      text,
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString("base64url")),
      fc.tuple(name, fc.array(key, { maxLength: 4 })).map(([n, keys]) => cursorOf(n, ...keys)),
    );
    const place = fc.constantFrom(...lists);
    await fc.assert(
      fc.asyncProperty(place, cursor, fc.boolean(), async ([list, what], forgery, isAfter) => {
        const given = { ...what, [isAfter ? "after" : "before"]: forgery };
        expect(["OK", "BAD_USER_INPUT"]).toContain(
          codeOf(await askPage(gateway, admin, list, given)),
        );
      }),
      { numRuns: 100 },
    );
  });
});

async function firstCursorOf(list: ForwardList): Promise<string> {
  if (list === "statusHistory") {
    await gateway.dataSource.query(
      `INSERT INTO status_changes (user_id, to_status_id, source, cause, actor, door)
       SELECT id, 2, 'MANUAL', 'test', 'test', 'CLI' FROM users WHERE username = 'load000001'`,
    );
  }
  interface Page {
    readonly edges: { cursor: string }[];
  }
  const data = dataOf<{ page?: Page; user?: { page: Page } }>(await askForward(list, { first: 1 }));
  return (data.page ?? data.user?.page)?.edges[0]?.cursor ?? "";
}

describe("a page size out of range is refused with the name of its argument", () => {
  const sizes = [0, -1, 101, 2_147_483_647, -2_147_483_648];

  it.each(lists)(
    "%s %j refuses a page size out of range with the name of its argument",
    async (list, what) => {
      for (const size of sizes) {
        for (const argument of ["first", "last"]) {
          const given = { ...what, [argument]: size };
          await expectFault(askPage(gateway, admin, list, given), argument, size);
        }
      }
      await expectFault(
        askPage(gateway, admin, list, { ...what, first: 5, last: 5 }),
        "last",
        "both",
      );
    },
  );

  it.each(forwardNames)(
    "%s refuses a page size out of range with the name of its argument",
    async (list) => {
      for (const first of sizes) await expectFault(askForward(list, { first }), "first", first);
    },
  );
});

it("an overlong cursor is refused before it is decoded", async () => {
  const answer = await askPage(gateway, admin, "users", { after: "x".repeat(1001) });
  expect([answer.status, codeOf(answer)]).toEqual([400, "BAD_USER_INPUT"]);
  expect(answer.errors?.[0]?.message).toContain("$after");
});
