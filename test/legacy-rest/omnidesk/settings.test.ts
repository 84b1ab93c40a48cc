import { done, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const MARGARET = "2";

const settings = (query: string) => door.send("GET", `/settings?${query}`);
const views = (query: Readonly<Record<string, string>>) =>
  door.send("GET", `/getUserViews?${new URLSearchParams(query).toString()}`);

describe("settings", () => {
  it("settings return everything that the user has set, with statistics", async () => {
    expect(await settings(`userID=${MARGARET}`)).toMatchObject({
      status: 200,
      body: {
        type: "item",
        item: {
          user_id: 2,
          language: "en",
          date_format: "en_GB",
          max_chats: 2,
          chat_sound_new_message: true,
          notify_on_ticket_assignment: true,
          ticket_incognito_mode: true,
          calls_auto_answer: false,
          telephone_calls_forwarding: false,
          use_web_mail: false,
          use_web_email: false,
          statistics: [
            {
              statistic: "agents_available",
              primary_option: "1",
              secondary_option: "",
              watched: true,
            },
            {
              statistic: "agents_available",
              primary_option: "2",
              secondary_option: "",
              watched: false,
            },
            {
              statistic: "chats_waiting",
              primary_option: "livechat",
              secondary_option: "today",
              watched: true,
            },
          ],
        },
      },
    });
  });

  it.each(["", "userID=UID"])(
    "settings with userID '%s' are those of the user behind the key",
    async (query) => {
      expect(await settings(query)).toMatchObject({ body: { item: { user_id: 1 } } });
    },
  );

  it.each([
    ["userID=4711", "User not found: 4711"],
    ["userID=0", "userID: must be the number of a user, or UID"],
    ["userID=-1", "userID: must be the number of a user, or UID"],
    ["userID=", "userID: must be the number of a user, or UID"],
    ["userID=margaret", "userID: must be the number of a user, or UID"],
    // The number of the same user in another legacy system.
    ["userID=1002", "User not found: 1002"],
  ])("%s is refused", async (query, message) => {
    expect(await settings(query)).toMatchObject(refused(400, message));
  });
});

describe("the selected views", () => {
  it("the selected views are listed by number", async () => {
    expect(await views({ userID: MARGARET })).toMatchObject({
      status: 200,
      body: {
        type: "list",
        itemStart: 0,
        itemTotal: 2,
        itemLimit: 15,
        items: [
          { id: 3, name: "Unassigned" },
          { id: 6, name: "Escalated" },
        ],
      },
    });
    expect(await views({ userID: "3" })).toMatchObject({
      body: { items: [{ id: 1 }, { id: 2 }, { id: 4 }] },
    });
  });

  it("the selected views can be searched and paged", async () => {
    expect(await views({ userID: "3", query: "my TICK" })).toMatchObject({
      body: { itemTotal: 1, items: [{ id: 2, name: "My tickets" }] },
    });
    expect(await views({ userID: "3", itemStart: "1", itemLimit: "1" })).toMatchObject({
      body: { itemStart: 1, itemLimit: 1, itemTotal: 3, items: [{ id: 2 }] },
    });
    expect(await views({ userID: "3", itemLimit: "9999" })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ query: "a;b" }, /^query: may hold letters/],
    [{ itemLimit: "10000" }, "itemLimit: must be at most 9999"],
    [{ userID: "4711" }, "User not found: 4711"],
  ])("the list of selected views refuses %j", async (query, message) => {
    expect(await views(query)).toMatchObject(refused(400, message));
  });
});

describe("changes of settings", () => {
  it.each([
    ["1", true],
    ["true", true],
    ["0", false],
    ["false", false],
  ])("incognito state=%s is %s", async (state, callsAutoAnswer) => {
    await door.put("/callsAutoAnswer", { userID: "25", state: callsAutoAnswer ? "0" : "1" });
    expect(await door.put("/callsAutoAnswer", { userID: "25", state })).toMatchObject(
      done("Automatic answering of calls updated"),
    );
    expect(await door.see(25, "settings { callsAutoAnswer }")).toEqual({
      settings: { callsAutoAnswer },
    });
    expect(await settings("userID=25")).toMatchObject({
      body: { item: { calls_auto_answer: callsAutoAnswer } },
    });
  });

  it.each([
    ["/callsAutoAnswer", { state: "yes" }, "state: must be 1, 0, true or false"],
    ["/callsAutoAnswer", {}, "state: must be 1, 0, true or false"],
    ["/maxChats", {}, "maxChats: must be a whole number"],
    ["/maxChats", { maxChats: "" }, "maxChats: must be a whole number"],
    ["/maxChats", { maxChats: "1001" }, /^maxChats: /],
    ["/maxChats", { maxChats: "-1" }, /^maxChats: /],
    ["/updateUserView", { viewID: "99", newValue: "1" }, "View not found: 99"],
    ["/updateUserView", { viewID: "0", newValue: "1" }, "viewID: must be the number of a view"],
    ["/updateUserView", { viewID: "1" }, "newValue: must be 1, 0, true or false"],
    ["/watch", { statistic: "none", watchToggle: "watch" }, "Statistic not found: none"],
    ["/watch", { statistic: "tickets_open" }, "watchToggle: must be watch or unwatch"],
    ["/watch", { statistic: "t1", watchToggle: "watch" }, /^statistic: may hold letters/],
  ])("%s with %j is refused and changes nothing", async (path, fields, message) => {
    const before = (await settings("userID=1")).body;
    expect(await door.put(path, fields)).toMatchObject(refused(400, message));
    expect((await settings("userID=1")).body).toEqual(before);
  });
});

describe("statistics", () => {
  const followed = async () => (await settings("userID=20")).body;
  const figure = { statistic: "calls_missed", primary_option: "today", secondary_option: "b2" };

  it("a statistic is the same in every spelling of its first option", async () => {
    const fields = { userID: 20, statistic: "calls_missed", statisticSecondaryOption: "b2" };
    for (const spelled of [{ statisticOption: "today" }, { statisticPrimaryOption: "today" }]) {
      expect(await door.post("/userStatistic", { ...fields, ...spelled })).toMatchObject(
        done("Statistic added"),
      );
    }
    expect(await followed()).toMatchObject({
      item: { statistics: [{ ...figure, watched: false }] },
    });

    const toggle = (watchToggle: string) =>
      door.put("/watch", { ...fields, userID: "20", statisticOption: "today", watchToggle });
    await toggle("watch");
    expect(await followed()).toMatchObject({
      item: { statistics: [{ ...figure, watched: true }] },
    });
    await toggle("unwatch");
    expect(await followed()).toMatchObject({
      item: { statistics: [{ ...figure, watched: false }] },
    });

    const other = JSON.stringify({ ...fields, statisticOption: "week" });
    expect(await door.send("DELETE", "/userStatistic", { body: other })).toMatchObject(
      refused(400, "Statistic not found: calls_missed"),
    );
    const body = JSON.stringify({ ...fields, statisticOption: "today" });
    expect(await door.send("DELETE", "/userStatistic", { body })).toMatchObject(
      done("Statistic deleted"),
    );
    expect(await followed()).toMatchObject({ item: { statistics: [] } });
  });
});

describe("a campaign", () => {
  it.each([
    ["no-such-campaign", "Campaign not found: no-such-campaign"],
    // The printed pattern has A-z and means A-Z; these characters lie between Z and a.
    ["a[b", /^campaign: may hold letters/],
    ["a^b", /^campaign: may hold letters/],
    ["", /^campaign: /],
  ])("a campaign '%s' is refused with its name", async (campaign, message) => {
    expect(await door.post("/userCampaignState", { campaign, state: 1 })).toMatchObject(
      refused(400, message),
    );
  });

  it("a campaign is left with state 0", async () => {
    const left = { userID: 26, campaign: "loyalty-survey", state: 0 };
    expect(await door.post("/userCampaignState", left)).toMatchObject(
      done("Campaign state updated"),
    );
    expect(await door.see(26, "campaigns { campaign { name } active }")).toEqual({
      campaigns: [{ campaign: { name: "loyalty-survey" }, active: false }],
    });
  });
});
