import { permissions } from "../../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { givenSignedIn } from "../../support/given.js";
import { askClientexec, refusal, USERS_ONLINE } from "./ask-clientexec.js";

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

/** Where the Application Key may be. */
const places: readonly (readonly [
  string,
  (secret: string) => { headers?: Record<string, string>; query?: string },
])[] = [
  ["Basic, as the user", (secret) => ({ headers: basic(secret, "") })],
  ["Basic, as the user before an X", (secret) => ({ headers: basic(secret, "X") })],
  ["Basic, as the password", (secret) => ({ headers: basic("", secret) })],
  ["Basic, as the password of api", (secret) => ({ headers: basic("api", secret) })],
  ["Bearer", (secret) => ({ headers: { authorization: `Bearer ${secret}` } })],
  ["the header apikey", (secret) => ({ headers: { apikey: secret } })],
  ["the header apiKey", (secret) => ({ headers: { apiKey: secret } })],
  ["the header X-API-Key", (secret) => ({ headers: { "X-API-Key": secret } })],
  ["?apikey=", (secret) => ({ query: `?apikey=${secret}` })],
  ["?api_key=", (secret) => ({ query: `?api_key=${secret}` })],
  ["?key=", (secret) => ({ query: `?other=1&key=${secret}` })],
];

describe.each(places)("the key as %s", (_, place) => {
  const ask = (secret: string) => {
    const { headers = {}, query = "" } = place(secret);
    return askClientexec(gateway, null, USERS_ONLINE + query, { headers });
  };

  it("the key is accepted", async () => {
    expect(await ask(key)).toMatchObject({ status: 200 });
  });

  it("a wrong key is refused", async () => {
    const { status, type, text } = await ask(`${key}x`);
    expect([status, type]).toEqual([401, "application/json"]);
    expect(JSON.parse(text)).toEqual(refusal("The credential is unknown, expired or revoked"));
  });
});

it.each([
  ["nothing", USERS_ONLINE, {}],
  ["an empty header", USERS_ONLINE, { apikey: "" }],
  ["an empty parameter", `${USERS_ONLINE}?apikey=`, {}],
  ["an empty pair", USERS_ONLINE, basic("", "")],
  ["a pair that is none", USERS_ONLINE, { authorization: "Basic" }],
])("%s as a key receives 401 with a challenge", async (_, path, headers) => {
  const answer = await askClientexec(gateway, null, path, { headers });
  expect([answer.status, answer.type]).toEqual([401, "application/json"]);
  expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="Application Key"/);
  expect(Object.keys(JSON.parse(answer.text) as object)).toEqual([
    "timestamp",
    "elapsed",
    "message",
    "success",
    "failure",
  ]);
  expect(JSON.parse(answer.text)).toEqual(
    refusal(expect.stringContaining("Authentication required")),
  );
});

it("an empty credential is skipped for the next place", async () => {
  const headers = { apikey: "", "x-api-key": key, ...basic("", "") };
  expect(await askClientexec(gateway, null, USERS_ONLINE, { headers })).toMatchObject({
    status: 200,
  });
});

it("of two keys the one in a header is used", async () => {
  const paths = { right: `${USERS_ONLINE}?apikey=${key}`, wrong: `${USERS_ONLINE}?apikey=wrong` };
  expect(await askClientexec(gateway, key, paths.wrong)).toMatchObject({ status: 200 });
  expect(await askClientexec(gateway, "wrong", paths.right)).toMatchObject({ status: 401 });
});

it.each(permissions.filter((name) => name !== "USER_READ" && name !== "ADMIN"))(
  "a key with only %s receives 403",
  async (permission) => {
    const answer = await askClientexec(gateway, await gateway.givenKey(permission));
    expect([answer.status, answer.type]).toEqual([403, "application/json"]);
    expect(JSON.parse(answer.text)).toEqual(refusal(expect.stringContaining("Not allowed")));
  },
);

it("a session token with USER_READ is accepted", async () => {
  const { secret } = await givenSignedIn(gateway, "USER_READ");
  expect(await askClientexec(gateway, secret)).toMatchObject({ status: 200 });
  const { secret: other } = await givenSignedIn(gateway);
  expect(await askClientexec(gateway, other)).toMatchObject({ status: 403 });
});

it("responses are not cacheable, since a URL may hold the key", async () => {
  for (const secret of [key, null]) {
    const { headers } = await askClientexec(gateway, secret);
    expect(headers.get("cache-control")).toBe("no-store");
  }
});
