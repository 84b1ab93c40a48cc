import { eventually } from "../../support/eventually.js";
import { recordSql } from "../../support/record-sql.js";
import { type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

interface Item {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
}

const list = (query: Readonly<Record<string, string>> | string = {}) =>
  door.send("GET", `?${typeof query === "string" ? query : new URLSearchParams(query).toString()}`);

async function items(query: Readonly<Record<string, string>> | string): Promise<Item[]> {
  const { status, body } = await list(query);
  expect(status).toBe(200);
  return body.items as Item[];
}

const names = async (query: Parameters<typeof items>[0]) =>
  (await items(query)).map(({ name }) => name);

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string;

describe("a record", () => {
  it("an extended record has every field, with empty text and null for missing values", async () => {
    expect(await items({ query: "thomas.baker" })).toEqual([
      {
        id: 38,
        name: "thomas.baker",
        firstname: "Thomas",
        lastname: "Baker",
        email: "thomas.baker@example.com",
        telephone: "+61255501037",
        active: false,
        type: "staff",
        language: "en",
        date_format: "en_AU",
        groups: [],
        max_chats: 3,
        online: false,
        last_seen: TIME,
        status: { id: 4, name: "Offline", since: TIME, until: null },
        lock: null,
        created: TIME,
        updated: TIME,
      },
    ]);
    const [reception] = await items({ query: "reception.desk" });
    expect(reception).toMatchObject({ firstname: "", lastname: "", groups: [6], max_chats: 3 });
    const [customer] = await items({ query: "ivan.petrov" });
    expect(customer).toMatchObject({ type: "customer", telephone: "", last_seen: null });
  });

  it("a record has the lock with its reason and the effective status", async () => {
    const [soren] = await items({ query: "soren.kjaer" });
    expect(soren).toMatchObject({
      online: true,
      groups: [1],
      status: { id: 8, until: TIME },
      lock: {
        status_id: 8,
        reason: "Certification course until the end of the week",
        locked_at: TIME,
        until: TIME,
      },
    });
    const [joao] = await items({ query: "joao.conceicao" });
    expect(joao).toMatchObject({ lock: { status_id: 2, reason: "", until: null } });
  });

  it.each(["false", "0"])("a record is short with extended=%s", async (extended) => {
    expect(await items({ query: "grace.lindqvist", extended })).toEqual([
      {
        id: 10,
        name: "grace.lindqvist",
        firstname: "Grace",
        lastname: "Lindqvist",
        email: "grace.lindqvist@example.com",
        telephone: "+46846500409",
        active: true,
      },
    ]);
  });
});

describe("paging", () => {
  it("pages return every user once, by username, with the total", async () => {
    const seen: string[] = [];
    for (let itemStart = 0; itemStart < 62; itemStart += 25) {
      const { body } = await list({ itemStart: String(itemStart), itemLimit: "25" });
      expect(body).toMatchObject({ type: "list", itemStart, itemLimit: 25, itemTotal: 62 });
      seen.push(...(body.items as Item[]).map(({ name }) => name));
    }
    expect(seen).toHaveLength(62);
    expect(new Set(seen).size).toBe(62);
    expect(seen).toEqual([...seen].sort());
  });

  it("a page after the last user is empty", async () => {
    expect(await list({ itemStart: "62" })).toMatchObject({
      body: { itemTotal: 62, items: [] },
    });
  });

  it("a page has up to 999 users", async () => {
    expect(await items({ itemLimit: "999" })).toHaveLength(62);
  });

  it.each([
    ["itemLimit", "1000", "itemLimit: must be at most 999"],
    ["itemLimit", "-1", "itemLimit: must not be negative"],
    ["itemLimit", "", "itemLimit: must be a whole number"],
    ["itemLimit", "many", "itemLimit: must be a whole number"],
    ["itemStart", "-1", "itemStart: must not be negative"],
    ["itemStart", "1.5", "itemStart: must be a whole number"],
    ["itemStart", "99999999999", "itemStart: must be at most 10000000"],
    ["activeOnly", "perhaps", "activeOnly: must be 1, 0, true or false"],
    ["extended", "", "extended: must be 1, 0, true or false"],
  ])("paging with %s=%s is refused", async (name, value, message) => {
    expect(await list({ [name]: value })).toMatchObject(refused(400, message));
  });

  it("a page takes as many statements for one user as for all", async () => {
    const statements = async (itemLimit: string) => {
      const all = await recordSql(door.gateway.dataSource, () => list({ itemLimit }));
      return all.length;
    };
    await list({ itemLimit: "1" });
    // Background work is sometimes counted as well.
    await eventually(async () => expect(await statements("999")).toBe(await statements("1")));
  });
});

describe("the query", () => {
  it.each([
    ["a username", { query: "john.doe" }, ["john.doe"]],
    ["a username in capitals", { query: "RAFAEL.Ortiz-Vega" }, ["rafael.ortiz-vega"]],
    ["an e-mail address", { query: "fatima.zahra@example.com" }, ["fatima.zahra"]],
    ["a telephone number", { query: "+46846500409" }, ["grace.lindqvist"]],
    ["a telephone number in groups", { query: "+46 8 465 004 09" }, ["grace.lindqvist"]],
    ["a telephone number with its plus sign bare", "query=+46846500409", ["grace.lindqvist"]],
    ["a text without a match", { query: "nobody" }, []],
  ])("a query finds users by %s", async (_what, query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it("a query counts the users that it finds", async () => {
    const { body } = await list({ query: "john", itemLimit: "1" });
    expect(body).toMatchObject({ itemTotal: 2, items: [{ name: "doe.john" }] });
  });

  it("an empty query finds every user", async () => {
    expect(await list({ query: "" })).toMatchObject({ body: { itemTotal: 62 } });
  });

  it.each(["john;drop", "john!", "a@b", "a@b.c", "%", "iné", "x'y"])(
    "a query with an invalid part is refused: %s",
    async (query) => {
      expect(await list({ query })).toMatchObject(refused(400, /^query: must be a username/));
    },
  );
});

it.each(["true", "1"])("activeOnly=%s leaves out deactivated users", async (activeOnly) => {
  const inactive = ["thomas.baker", "ursula.keller"];
  const active = await names({ activeOnly, itemLimit: "999" });
  expect(active).toHaveLength(60);
  expect(active).not.toEqual(expect.arrayContaining(inactive));
  const all = await names({ activeOnly: "0", itemLimit: "999" });
  expect(all).toEqual(expect.arrayContaining(inactive));
});

it("unknown parameters are ignored", async () => {
  expect(await list({ page: "2", sort: "name", query: "john.doe" })).toMatchObject({
    status: 200,
    body: { itemTotal: 1 },
  });
});
