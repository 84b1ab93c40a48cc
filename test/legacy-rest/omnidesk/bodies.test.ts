import {
  done,
  FORM,
  JSON_TYPE,
  MULTIPART,
  type OmnideskDoor,
  refused,
  startOmnidesk,
} from "./client.js";

/** The same call with every encoding of a body, for every method. */
let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const parts = (fields: Readonly<Record<string, string | readonly string[]>>): FormData => {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) form.append(name, value);
  }
  return form;
};

const multipart = (text: string): FormData => parts(Object.fromEntries(new URLSearchParams(text)));

const json = (text: string): string =>
  JSON.stringify(Object.fromEntries(new URLSearchParams(text)));

const ways = [
  ["a form", (text: string) => ({ type: FORM, body: text })],
  ["a form with a charset", (text: string) => ({ type: `${FORM}; charset=UTF-8`, body: text })],
  ["a form in double quotes", (text: string) => ({ type: FORM, body: `"${text}"` })],
  [
    "a form in double quotes with a newline",
    (text: string) => ({ type: FORM, body: `"${text}"\r\n` }),
  ],
  [
    "a form with its values in single quotes",
    (text: string) => ({ type: FORM, body: text.replace(/=([^&]*)/g, "='$1'") }),
  ],
  [
    "a form with encoded quotes around its values",
    (text: string) => ({ type: FORM, body: text.replace(/=([^&]*)/g, "=%27$1%27") }),
  ],
  [
    "a form with its values in double quotes",
    (text: string) => ({ type: FORM, body: text.replace(/=([^&]*)/g, '="$1"') }),
  ],
  ["multipart", (text: string) => ({ body: multipart(text) })],
  [
    "multipart with its values in single quotes",
    (text: string) => ({ body: multipart(text.replace(/=([^&]*)/g, "='$1'")) }),
  ],
  ["JSON", (text: string) => ({ type: JSON_TYPE, body: json(text) })],
  ["JSON called multipart", (text: string) => ({ type: MULTIPART, body: json(text) })],
  ["JSON called a form", (text: string) => ({ type: FORM, body: json(text) })],
  ["JSON called nothing", (text: string) => ({ type: "text/plain", body: json(text) })],
] as const;

describe.each(ways)("%s is read", (_way, bodyOf) => {
  it("a body is read on PUT", async () => {
    await door.put("/maxChats", { userID: "30", maxChats: "1" });
    const answer = await door.send("PUT", "/maxChats", bodyOf("userID=30&maxChats=12"));
    expect(answer).toMatchObject(done("Maximum chats updated"));
    expect(await door.see(30, "settings { maxChats }")).toEqual({ settings: { maxChats: 12 } });
  });

  it("a body is read on POST and on DELETE", async () => {
    const figure = "userID=30&statistic=text_b&statisticOption=today";
    const followed = () => door.see(30, "statistics { statistic primaryOption }");
    expect(await door.send("POST", "/userStatistic", bodyOf(figure))).toMatchObject(
      done("Statistic added"),
    );
    expect(await followed()).toEqual({
      statistics: [{ statistic: "text_b", primaryOption: "today" }],
    });
    expect(await door.send("DELETE", "/userStatistic", bodyOf(figure))).toMatchObject(
      done("Statistic deleted"),
    );
    expect(await followed()).toEqual({ statistics: [] });
  });
});

describe("the encodings of groups", () => {
  // Sales, Technical Support.
  const both = { groups: [{ number: 4 }, { number: 2 }] };
  const form = (body: string) => ({ type: FORM, body });

  it.each([
    ["a JSON list", { body: `{"groups":[2,4]}` }, both],
    ["a JSON list of texts", { body: `{"groups":["2","4"]}` }, both],
    ["a list in a form", form("groups=[2,4]"), both],
    ["a list with blanks in a quoted form", form(`"groups=[2, 4]"`), both],
    ["a quoted list", form("groups='[2,4]'"), both],
    ["an encoded list", form("groups=%5B2%2C4%5D"), both],
    ["groups[] repeated", form("groups[]=2&groups[]=4"), both],
    ["groups[] with indexes, as PHP writes them", form("groups%5B0%5D=2&groups%5B1%5D=4"), both],
    ["a field repeated", form("groups=2&groups=4"), both],
    ["fields of a multipart form", { body: parts({ "groups[]": ["2", "4"] }) }, both],
    ["a list in a multipart form", { body: parts({ groups: "[2,4]" }) }, both],
    ["one group[]", form("groups[]=4"), { groups: [{ number: 4 }] }],
    ["one number", form("groups=4"), { groups: [{ number: 4 }] }],
    ["an empty list", form("groups=[]"), { groups: [] }],
    ["an empty JSON list", { body: `{"groups":[]}` }, { groups: [] }],
    ["an empty field", form("groups="), { groups: [] }],
  ])("groups are read from %s", async (_spelling, request, expected) => {
    await door.post("/statusLockDelete", { userID: 32 });
    await door.send("PUT", "/32", { body: `{"groups":[7]}` });
    expect(await door.send("PUT", "/32", request)).toMatchObject(done("User updated"));
    expect(await door.see(32, "groups { number }")).toEqual(expected);
  });

  it.each([
    ["groups=[99]", "Group not found: 99"],
    ["groups=[9999999999]", "Group not found: 9999999999"],
    ["groups[]=2&groups[]=x", "groups: must be the number of a group"],
    ["groups=[2", "groups: must be a list of group numbers such as [1]"],
    ["groups=[0]", "groups: must be a list of group numbers such as [1]"],
    ["groups=Billing", "groups: must be a list of group numbers such as [1]"],
  ])("groups given as %s are refused and unchanged", async (body, message) => {
    await door.send("PUT", "/32", { body: `{"groups":[7]}` });
    expect(await door.send("PUT", "/32", form(body))).toMatchObject(refused(400, message));
    expect(await door.see(32, "groups { number }")).toEqual({ groups: [{ number: 7 }] });
  });
});

it.each([
  ["truncated JSON", { type: JSON_TYPE, body: `{"maxChats":` }],
  ["JSON that is not an object", { type: JSON_TYPE, body: "[1]" }],
  ["a form called JSON", { type: JSON_TYPE, body: "maxChats=1" }],
  ["a form called multipart", { type: MULTIPART, body: "maxChats=1" }],
  ["truncated multipart", { type: `${MULTIPART}; boundary=x`, body: "--x\r\nContent" }],
])("a body of %s is refused", async (_what, request) => {
  expect(await door.send("PUT", "/maxChats", request)).toMatchObject(refused(400, /^body: /));
});

it("a file in a multipart body is refused", async () => {
  const body = multipart("maxChats=1");
  body.append("photo", new Blob(["x"]), "me.jpg");
  expect(await door.send("PUT", "/maxChats", { body })).toMatchObject(
    refused(400, "body: must not hold files"),
  );
});

it("a body with too many fields is refused, not truncated", async () => {
  const many = Array.from({ length: 201 }, () => "groups[]=7").join("&");
  const message = "body: has more than 200 fields";
  const fields = parts({ "groups[]": Array.from({ length: 201 }, () => "7") });
  for (const request of [{ type: FORM, body: many }, { body: fields }]) {
    expect(await door.send("PUT", "/32", request)).toMatchObject(refused(400, message));
  }
});

it("a missing body is an empty one: required fields are reported", async () => {
  expect(await door.send("PUT", "/maxChats")).toMatchObject(
    refused(400, "maxChats: must be a whole number"),
  );
  expect(await door.send("POST", "/refreshTab", { type: JSON_TYPE, body: "" })).toMatchObject(
    refused(400, "tabID: is required"),
  );
});

it("a body above the limit is refused", async () => {
  const body = `{"maxChats":1,"more":"${"x".repeat(1_100_000)}"}`;
  expect(await door.send("PUT", "/maxChats", { type: JSON_TYPE, body })).toMatchObject(
    refused(413, "body: is too large"),
  );
});
