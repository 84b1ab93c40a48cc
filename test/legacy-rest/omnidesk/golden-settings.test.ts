import { done, FORM, MULTIPART, type OmnideskDoor, startOmnidesk } from "./client.js";

/**
 * The example requests of Omnidesk's page as it prints them, the quotes included: `UID` is the user
 * behind the key, number 1.
 */
let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const OWNER = 1;

it.each([
  [
    "updateUserView",
    `"userID='UID'&viewID=1&newValue=1"`,
    "View updated",
    `views(search: "Inbox") { selected }`,
    { views: [{ selected: true }] },
  ],
  [
    "maxChats",
    `"userID='UID'&maxChats=1"`,
    "Maximum chats updated",
    "settings { maxChats }",
    { settings: { maxChats: 1 } },
  ],
  [
    "chatSoundNewMessage",
    `"userID='UID'&state=1"`,
    "Chat sound updated",
    "settings { chatSoundNewMessage }",
    { settings: { chatSoundNewMessage: true } },
  ],
  [
    "notifyOnTicketAssignment",
    `"userID='UID'&state=1"`,
    "Ticket assignment notification updated",
    "settings { notifyOnTicketAssignment }",
    { settings: { notifyOnTicketAssignment: true } },
  ],
  [
    "ticketIncognitoMode",
    `"userID='UID'&state=1"`,
    "Incognito mode updated",
    "settings { ticketIncognitoMode }",
    { settings: { ticketIncognitoMode: true } },
  ],
  [
    "callsAutoAnswer",
    `"userID='UID'&state=1"`,
    "Automatic answering of calls updated",
    "settings { callsAutoAnswer }",
    { settings: { callsAutoAnswer: true } },
  ],
])("PUT %s works as printed", async (path, body, message, selection, effect) => {
  // Sets every value to its opposite first, so that each example has an effect.
  await door.put("/chatSoundNewMessage", { state: "0" });
  await door.put("/updateUserView", { viewID: "1", newValue: "0" });
  expect(await door.see(OWNER, selection)).not.toEqual(effect);

  expect(await door.send("PUT", `/${path}`, { type: FORM, body })).toMatchObject(done(message));
  expect(await door.see(OWNER, selection)).toEqual(effect);
});

it("userStatistic and watch work as printed: added, watched, deleted", async () => {
  const follows = () =>
    door.see(OWNER, "statistics { statistic primaryOption secondaryOption watched }");
  const figure = { statistic: "text", primaryOption: null, secondaryOption: null };
  const own = { ...figure, statistic: "tickets_open", watched: true };
  expect(await follows()).toEqual({ statistics: [own] });

  const post = `{
"userID": "UID",
"statistic": "text",
"statisticOption": "",
"statisticSecondaryOption": ""
}`;
  expect(await door.send("POST", "/userStatistic", { type: MULTIPART, body: post })).toMatchObject(
    done("Statistic added"),
  );
  expect(await follows()).toEqual({ statistics: [{ ...figure, watched: false }, own] });

  const put = `"userID='UID'&statistic='text'&statisticPrimaryOption=''&statisticSecondaryOption=''&watchToggle='watch'"`;
  expect(await door.send("PUT", "/watch", { type: FORM, body: put })).toMatchObject(
    done("Statistic watch updated"),
  );
  expect(await follows()).toEqual({ statistics: [{ ...figure, watched: true }, own] });

  const remove = `"userID='UID'&statistic='text'&statisticPrimaryOption=''&statisticSecondaryOption=''"`;
  expect(await door.send("DELETE", "/userStatistic", { type: FORM, body: remove })).toMatchObject(
    done("Statistic deleted"),
  );
  expect(await follows()).toEqual({ statistics: [own] });
});

it("userCampaignState works as printed", async () => {
  await door.gateway.ask(
    door.key,
    `mutation { createCampaign(input: { name: "text" }) { campaign { id } } }`,
  );
  const body = `{
"userID": "UID",
"campaign": "text",
"state": 1
}`;
  expect(await door.send("POST", "/userCampaignState", { type: MULTIPART, body })).toMatchObject(
    done("Campaign state updated"),
  );
  expect(await door.see(OWNER, "campaigns { campaign { name } active }")).toEqual({
    campaigns: [{ campaign: { name: "text" }, active: true }],
  });
});

it("GET getUserViews works as printed for the user behind the key", async () => {
  await door.put("/updateUserView", { viewID: "1", newValue: "1" });
  expect(await door.send("GET", "/getUserViews")).toMatchObject({
    status: 200,
    body: {
      type: "list",
      itemStart: 0,
      itemTotal: 1,
      itemLimit: 15,
      items: [{ id: 1, name: "Inbox" }],
    },
  });
});
