import { system } from "../../../src/domain/actor.js";
import { type Permission, permissions } from "../../../src/domain/vocabulary.js";
import { omnideskRoutes } from "../../../src/legacy-rest/omnidesk/routes.js";
import { contentsOf } from "../../graphql/contents.js";
import { givenSignedIn } from "../../support/given.js";
import { type Call, calls, named } from "./calls.js";
import { FORM, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
const keys = new Map<Permission, string>();
beforeAll(async () => {
  door = await startOmnidesk();
  for (const permission of permissions)
    keys.set(permission, await door.gateway.givenKey(permission));
});
afterAll(() => door.gateway.stop());

function call({ method, path, fields }: Call, key: string | null, query: object = {}) {
  const form = new URLSearchParams(fields).toString();
  if (method !== "GET") {
    const search = new URLSearchParams({ ...query }).toString();
    return door.send(method, `${path}?${search}`, { key, type: FORM, body: form });
  }
  return door.send("GET", `${path}?${new URLSearchParams({ ...fields, ...query }).toString()}`, {
    key,
  });
}

it("these tests call every endpoint", () => {
  const endpoints = omnideskRoutes.map(({ method, path }) => `${method} ${path}`);
  const called = calls.map(({ method, path }) => `${method} ${path.replace(/\d+$/, ":id")}`);
  expect(called.sort()).toEqual(endpoints.sort());
});

describe.each(named)("%s", (_name, endpoint) => {
  it("a missing, unknown or empty key is refused and changes nothing", async () => {
    const before = await contentsOf(door.gateway.dataSource);
    expect(await call(endpoint, null)).toMatchObject(refused(401, /./));
    expect(await call(endpoint, "nobodys-key")).toMatchObject(refused(401, /unknown/));
    expect(await call(endpoint, "")).toMatchObject(refused(401, /./));
    expect(await contentsOf(door.gateway.dataSource)).toEqual(before);
  });

  it(`a key with every permission but ${endpoint.needs} is refused and changes nothing`, async () => {
    const others = permissions.filter((one) => one !== endpoint.needs && one !== "ADMIN");
    const key = await door.gateway.givenKey(...others);
    const before = await contentsOf(door.gateway.dataSource);
    expect(await call(endpoint, key)).toMatchObject(refused(403, /^Not allowed/));
    expect(await contentsOf(door.gateway.dataSource)).toEqual(before);
  });

  it(`a key with only ${endpoint.needs} is accepted in the header`, async () => {
    expect(await call(endpoint, keys.get(endpoint.needs) ?? "")).toMatchObject({ status: 200 });
  });

  it("the key is accepted as ?apiKey= too", async () => {
    await undo(endpoint);
    expect(await call(endpoint, null, { apiKey: keys.get("ADMIN") })).toMatchObject({
      status: 200,
    });
  });
});

/** Reverts a call, so that the same call succeeds again. */
async function undo({ path, method, fields }: Call): Promise<void> {
  if (method === "DELETE") await door.post("/userStatistic", fields);
  if (method === "POST" && path === "") {
    const user = { username: fields.name ?? "" };
    const given = { username: "was.ana", email: null };
    await door.gateway.services.users.update(system("given"), { user, ...given });
  }
}

it("a revoked key is refused from the next request", async () => {
  const secret = await door.gateway.givenKey("USER_READ");
  expect(await door.send("GET", "", { key: secret })).toMatchObject({ status: 200 });
  await door.gateway.dataSource.query(
    `UPDATE api_keys SET revoked_at = now() WHERE id = (SELECT max(id) FROM api_keys)`,
  );
  expect(await door.send("GET", "", { key: secret })).toMatchObject(refused(401, /revoked/));
});

it("a signed-in user may change themself where the permission table allows it, and no other user", async () => {
  const { user, secret: key } = await givenSignedIn(door.gateway);
  const own = { key, type: FORM, body: "statusID=3" };
  expect(await door.send("POST", "/updateStatus", own)).toMatchObject({ status: 200 });
  expect(await door.see(user.omnideskId, "presence { status { id } }")).toEqual({
    presence: { status: { id: 3 } },
  });
  const others = { ...own, body: "statusID=3&userID=20" };
  expect(await door.send("POST", "/updateStatus", others)).toMatchObject(refused(403, /setStatus/));
  expect(await door.send("GET", "", { key })).toMatchObject(refused(403, /./));
});

describe("the user behind the key", () => {
  it.each(["", "userID=UID&", "userID='UID'&"])(
    "userID '%s' means the user behind the key",
    async (who) => {
      const key = await door.givenKeyOf("daan.de.vries", "USER_CUD");
      await door.put("/maxChats", { userID: "32", maxChats: "1" });
      const body = `${who}maxChats=7`;
      expect(await door.send("PUT", "/maxChats", { key, type: FORM, body })).toMatchObject({
        status: 200,
      });
      expect(await door.see(32, "settings { maxChats }")).toEqual({ settings: { maxChats: 7 } });
    },
  );

  it("a key without an owner and without userID is refused, naming userID", async () => {
    const key = keys.get("ADMIN") ?? "";
    const message = "userID: is required: the key belongs to no user";
    for (const userID of [undefined, "UID"]) {
      const body = JSON.stringify({ userID, maxChats: 7 });
      expect(await door.send("PUT", "/maxChats", { key, body })).toMatchObject(
        refused(400, message),
      );
    }
    expect(await door.send("GET", "/settings", { key })).toMatchObject(refused(400, message));
  });
});
