import { FORM, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  // One request provokes an internal error.
  door = await startOmnidesk({ LOG_LEVEL: "silent" });
});
afterAll(() => door.gateway.stop());

const UNKNOWN = refused(404, "This endpoint does not exist.");

it.each([
  ["GET", "/nothing"],
  ["POST", "/maxchats"],
  ["PUT", "/one"],
  ["PUT", "/1/2"],
  ["DELETE", "/settings/1"],
  ["GET", "/%ff"],
  ["PUT", "/%00"],
  ["GET", "/../user/nothing/here"],
])("%s %s is no endpoint, with or without a key", async (method, path) => {
  expect(await door.send(method, path)).toMatchObject(UNKNOWN);
  expect(await door.send(method, path, { key: null })).toMatchObject(UNKNOWN);
});

it.each([
  ["DELETE", "", "GET, POST"],
  ["GET", "/1", "PUT"],
  ["POST", "/1", "PUT"],
  ["POST", "/settings", "GET"],
  ["GET", "/userStatistic", "POST, DELETE"],
  // The page does not print this method for it, though the path would match PUT {id}.
  ["PUT", "/updateStatus", "POST"],
  ["PUT", "/refreshTab", "POST"],
  ["POST", "/maxChats", "PUT"],
  ["PATCH", "/maxChats", "PUT"],
])(
  "%s %s is refused as a method that the endpoint does not have",
  async (method, path, allowed) => {
    const answer = await door.send(method, path);
    expect(answer).toMatchObject(refused(405, "This method is not allowed here."));
    expect(answer.headers.get("allow")).toBe(allowed);
  },
);

it("a slash at the end makes no difference", async () => {
  expect(await door.send("GET", "/?itemLimit=1")).toMatchObject({ status: 200 });
  expect(await door.send("GET", "/settings/")).toMatchObject({ status: 200 });
});

it("every response is JSON, also for refusals and unknown paths", async () => {
  for (const [method, path] of [
    ["GET", "/settings"],
    ["GET", "/nothing"],
    ["PUT", "/maxChats"],
    ["DELETE", ""],
  ] as const) {
    const { headers } = await door.send(method, path);
    expect(headers.get("content-type")).toBe("application/json");
  }
});

it("a missing permission is reported before invalid input", async () => {
  const request = { key: "nobodys-key", type: FORM, body: "%%%" };
  expect(await door.send("PUT", "/maxChats", request)).toMatchObject(refused(401, /unknown/));
});

it("an internal error is masked", async () => {
  const { dataSource } = door.gateway;
  await dataSource.query(`ALTER TABLE user_views RENAME TO user_views_gone`);
  try {
    expect(await door.send("GET", "/getUserViews")).toMatchObject(
      refused(500, "Internal server error"),
    );
  } finally {
    await dataSource.query(`ALTER TABLE user_views_gone RENAME TO user_views`);
  }
});
