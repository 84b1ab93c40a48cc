import { permissions } from "../../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenSignedIn, givenUser } from "../../support/given.js";
import { askJtel, recordsOf } from "./ask-jtel.js";

let gateway: TestGateway;
let key: string;
let paths: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway({ JTEL_CLIENTS_ID: "7" });
  key = await gateway.givenKey("USER_READ");
  expect(recordsOf(await askJtel(gateway, key, "/7/users"))).toMatchObject({
    records: [],
    count: 0,
  });
  const { jtelId, jtelUid } = await givenUser(gateway);
  paths = ["/7/users", `/7/users/user/${jtelId}`, `/7/users/user?uid=${jtelUid}`];
});
afterAll(() => gateway.stop());

async function expectAll(
  token: string | null,
  expected: { status: number; body?: unknown },
  asked = paths,
): Promise<void> {
  for (const path of asked) {
    const { status, type, text } = await askJtel(gateway, token, path);
    expect([path, status, type]).toEqual([path, expected.status, "application/json"]);
    if (expected.body) expect(JSON.parse(text)).toEqual(expected.body);
  }
}

const refused = { status: 401, body: { status: 401, error: expect.any(String) } };

describe("the token", () => {
  it("jtel's token may be any API key with USER_READ", async () => {
    await expectAll(key, { status: 200 });
    await expectAll(await gateway.givenKey("ADMIN"), { status: 200 });
  });

  it("jtel's token may be a session with USER_READ", async () => {
    const { secret } = await givenSignedIn(gateway, "USER_READ");
    await expectAll(secret, { status: 200 });
  });

  it("jtel's token is required for every call", () => expectAll(null, refused));

  it("an invalid jtel token is refused", () => expectAll("rollcall_key_unknown", refused));

  it.each(permissions.filter((name) => name !== "USER_READ" && name !== "ADMIN"))(
    "a jtel token with only %s is refused with jtel's code",
    async (permission) => expectAll(await gateway.givenKey(permission), refused),
  );

  it("a jtel token of a user without USER_READ is refused", async () => {
    const { user, secret } = await givenSignedIn(gateway);
    await expectAll(secret, refused, [...paths, `/7/users/user/${user.jtelId}`]);
  });

  it.each(["Basic", "Token", ""])(
    "jtel's token is not read from an Authorization of type %j",
    async (scheme) => {
      const headers = { authorization: `${scheme} ${key}`.trim() };
      const response = await fetch(`${gateway.url}/rest/v1.0/7/users`, { headers });
      expect(response.status).toBe(401);
    },
  );

  it("jtel's token is not read from other dialects' places", async () => {
    const headers = { apikey: key, "x-auth-token": key, "x-user-id": "x" };
    const response = await fetch(`${gateway.url}/rest/v1.0/7/users?apikey=${key}`, { headers });
    expect(response.status).toBe(401);
  });
});

describe("the ClientsID", () => {
  it.each(["1", "70", "07", "7.0", "x", "%20"])(
    "ClientsID %s of another client is refused with the same code",
    async (clientsId) => {
      const foreign = paths.map((path) => path.replace("/7/", `/${clientsId}/`));
      await expectAll(key, refused, foreign);
    },
  );

  it("records have the ClientsID of the URL", async () => {
    const { records } = recordsOf(await askJtel(gateway, key, "/7/users"));
    for (const record of records) expect(record).toMatchObject({ ClientsID: 7 });
  });
});

describe("other addresses", () => {
  it.each([
    "",
    "/",
    "/7",
    "/users",
    "/7/user",
    "/7/users/1",
    "/7/users/user/1/x",
    "/7/acd/groups",
    "/7/Users",
  ])("%j is no endpoint and receives 404 without a body", async (path) => {
    for (const token of [key, null]) {
      const { status, type, headers, text } = await askJtel(gateway, token, path);
      expect([status, type, text]).toEqual([404, null, ""]);
      expect(headers.get("content-length")).toBe("0");
    }
  });

  it.each(["POST", "PUT", "DELETE"])("%s is refused with the allowed methods", async (method) => {
    for (const path of paths) {
      const { status, type, headers, text } = await askJtel(gateway, key, path, { method });
      expect([status, type]).toEqual([405, "application/json"]);
      expect(headers.get("allow")).toBe("GET");
      expect(JSON.parse(text)).toEqual({ status: 405, error: "Method not allowed" });
    }
  });
});
