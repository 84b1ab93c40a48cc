import { availableAgents, managers, unavailableAgents } from "../../../src/demo/roles.js";
import { seedDemo } from "../../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import {
  askRocketChat,
  DOE_JOHN,
  givenKeyOfNobody,
  type RocketChatUser,
  usernamesOf,
} from "./ask-rocket-chat.js";

const agents: readonly string[] = [...availableAgents, ...unavailableAgents];

let gateway: TestGateway;
let reader: RocketChatUser;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  reader = await givenKeyOfNobody(gateway, "USER_READ");
});
afterAll(() => gateway.stop());

const list = (query: Record<string, string>, type = "agent") =>
  askRocketChat(gateway, `livechat/users/${type}`, { as: reader, query });

describe("pages", () => {
  it("livechat lists return the first 50 by default", async () => {
    const { body } = await list({});
    expect(body).toMatchObject({ count: agents.length, offset: 0, total: agents.length });
    expect(usernamesOf(await list({})).sort()).toEqual([...agents].sort());
  });

  it("livechat lists return count, total and pages without gaps", async () => {
    const pages = await Promise.all(
      [0, 10, 20, 30].map((offset) => list({ offset: `${offset}`, count: "10" })),
    );
    expect(pages.map(({ body }) => [body.count, body.offset, body.total])).toEqual([
      [10, 0, 26],
      [10, 10, 26],
      [6, 20, 26],
      [0, 30, 26],
    ]);
    expect(pages.flatMap(usernamesOf)).toEqual(usernamesOf(await list({})));
  });

  it("livechat lists with count 0 return everything from the offset", async () => {
    const everybody = await list({ count: "0" });
    expect(everybody.body).toMatchObject({ count: 26, offset: 0, total: 26, success: true });
    const rest = await list({ count: "0", offset: "24" });
    expect(rest.body).toMatchObject({ count: 2, offset: 24, total: 26 });
    expect(usernamesOf(rest)).toEqual(usernamesOf(everybody).slice(24));
    expect((await list({ count: "0", offset: "27" })).body).toMatchObject({ count: 0, total: 26 });
  });

  it("livechat lists treat empty numbers as absent", async () => {
    expect((await list({ offset: "", count: "" })).body).toMatchObject({ count: 26, offset: 0 });
  });

  it.each([
    [{ count: "ten" }, "count must be a number from 0 to 9999999"],
    [{ offset: "-1" }, "offset must be a number from 0 to 9999999"],
    [{ offset: "10000000" }, "offset must be a number from 0 to 9999999"],
  ])("livechat lists refuse %j with its name", async (query, words) => {
    expect(await list(query)).toMatchObject({
      status: 400,
      body: { success: false, error: `${words} [invalid-params]`, errorType: "invalid-params" },
    });
  });
});

describe("sort", () => {
  it.each([
    [{}, ["Anne-Marie Lefèvre", "Daan de Vries", "Doe John"]],
    [{ sort: '{"name":1}' }, ["Anne-Marie Lefèvre", "Daan de Vries", "Doe John"]],
    [{ sort: '{"username":-1}' }, ["Żaneta Wiśniewska", "יעל כהן", "優希 田中"]],
    [{ sort: '{"emails.address":-1}' }, ["Żaneta Wiśniewska", "יעל כהן", "優希 田中"]],
    [{ sort: '{"nobody.has.this":-1}' }, ["Anne-Marie Lefèvre", "Daan de Vries", "Doe John"]],
    [{ sort: "" }, ["Anne-Marie Lefèvre", "Daan de Vries", "Doe John"]],
  ])("livechat lists sort by %j", async (query, first) => {
    const { body } = await list({ ...query, text: "e", count: "3" });
    expect((body.users as { name: string }[]).map(({ name }) => name)).toEqual(first);
  });

  it("livechat lists sort by livechat status and id, both ways", async () => {
    const statusesBy = async (direction: number) => {
      const { body } = await list({ sort: `{"statusLivechat":${direction}}` });
      return (body.users as { statusLivechat: string }[]).map((user) => user.statusLivechat);
    };
    expect((await statusesBy(1)).slice(-4)).toEqual(Array(4).fill("not-available"));
    expect((await statusesBy(-1)).slice(0, 4)).toEqual(Array(4).fill("not-available"));

    const up = usernamesOf(await list({ sort: '{"_id":1}' }));
    expect(usernamesOf(await list({ sort: '{"_id":-1}' }))).toEqual([...up].reverse());
  });

  it("livechat lists sort by status: online, away, busy, offline", async () => {
    const { body } = await list({ sort: '{"status":1}' });
    const statuses = (body.users as { status: string }[]).map(({ status }) => status);
    expect([...new Set(statuses)]).toEqual(["online", "away", "busy", "offline"]);
    const down = await list({ sort: '{"status":-1}', count: "1" });
    expect(down.body.users).toMatchObject([{ status: "offline" }]);
  });

  it.each(["{", "name", "[]x", '{"name":2}', '{"name":"1"}', "null", "1"])(
    "%s is refused with the original's error text",
    async (sort) => {
      expect(await list({ sort })).toMatchObject({
        status: 400,
        body: {
          success: false,
          error: `Invalid sort parameter provided: "${sort}" [error-invalid-sort]`,
          errorType: "error-invalid-sort",
          details: { helperMethod: "parseJsonQuery" },
        },
      });
    },
  );
});

describe("filters", () => {
  it.each([
    ["a part of the username", "hn.d", ["john.doe"]],
    ["a part of two letters in the middle", "uy", ["nguyen.minh.anh"]],
    ["a part of the name, across the space", "ohn Do", ["john.doe"]],
    ["a part of the address", "cagri.yildiz@EXAMPLE.com", ["cagri.yildiz"]],
    ["any case of letters", "ŻANETA", ["zaneta.wisniewska"]],
    ["no pattern", "john_doe", []],
    ["no pattern", "j%n", []],
    ["no regular expression", ".*", []],
    ["not the telephone", "+31", []],
    ["a character that no name can have", "\u0000", []],
  ])("livechat lists filter by text: %s: %s", async (_what, text, usernames) => {
    expect(usernamesOf(await list({ text }))).toEqual(usernames);
  });

  it("onlyAvailable leaves out unavailable agents", async () => {
    const available = usernamesOf(await list({ onlyAvailable: "true" }));
    expect(available.sort()).toEqual([...availableAgents].sort());
    expect((await list({ onlyAvailable: "false" })).body.total).toBe(26);
  });

  it("excludeId leaves out one agent", async () => {
    const { body } = await list({ excludeId: DOE_JOHN });
    expect(body.total).toBe(25);
    expect(JSON.stringify(body)).not.toContain(DOE_JOHN);
  });

  it("offline agents are listed unless showIdleAgents is false", async () => {
    const statusesOf = async (query: Record<string, string>) =>
      ((await list(query)).body.users as { status: string }[]).map(({ status }) => status);
    expect(await statusesOf({})).toContain("offline");
    expect(await statusesOf({ showIdleAgents: "true" })).toContain("offline");
    const onDuty = await statusesOf({ showIdleAgents: "false" });
    expect(onDuty).not.toContain("offline");
    expect(new Set(onDuty)).toEqual(new Set(["online", "away", "busy"]));
  });

  it("an invalid flag is refused with its name", async () => {
    expect(await list({ onlyAvailable: "maybe" })).toMatchObject({
      status: 400,
      body: { error: "onlyAvailable must be true or false [invalid-params]" },
    });
  });

  it("the list of managers ignores the filters of agents", async () => {
    const query = { onlyAvailable: "true", showIdleAgents: "false", excludeId: DOE_JOHN };
    const { body } = await list(query, "manager");
    expect(body.total).toBe(managers.length);
    expect(
      usernamesOf(await list({ text: "grace", sort: '{"name":1}', count: "1" }, "manager")),
    ).toEqual(["grace.lindqvist"]);
  });

  it("livechat lists ignore unknown keys, query and fields", async () => {
    const { body } = await list({ unknown: "1", query: "{broken", fields: "{broken" });
    expect(body.total).toBe(26);
  });
});
