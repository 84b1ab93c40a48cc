import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askClientexec, refusal, USERS_ONLINE } from "./ask-clientexec.js";

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const functions = [
  "resource/users/usersonline",
  "users/usersonline",
  "clients/users/usersonline",
  "accounts/usersonline",
];

describe.each(functions.flatMap((path) => [`/api/${path}`, `/api/v2/${path}`]))("%s", (path) => {
  it.each([
    ["as it is", path],
    ["with a slash at the end", `${path}/`],
    ["with several slashes", `${path.replace("usersonline", "/usersonline")}//`],
    ["with arguments in the path", `${path}/filter/all/`],
    ["with malformed arguments in the path", `${path}/%E0%A4%A`],
    ["with arguments in the query", `${path}?active=1&limit=2`],
  ])("the function answers %s", async (_, address) => {
    const { status, text } = await askClientexec(gateway, key, address);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ count: 0, users: [], message: "" });
  });
});

it.each(["POST", "PUT", "DELETE"])("%s is refused with the allowed methods", async (method) => {
  const { status, type, headers, text } = await askClientexec(gateway, key, USERS_ONLINE, {
    method,
  });
  expect([status, type]).toEqual([405, "application/json"]);
  expect(headers.get("allow")).toBe("GET");
  expect(JSON.parse(text)).toEqual(refusal("Only GET is possible here"));
});

it.each([
  "/api/users",
  "/api/resource/users",
  "/api/v2/clients/users/UsersOnline",
  "/api/v2/clients/packages/getpackages",
  "/api/resource/user/getuser",
  "/api/support/ticket/",
  "/api/ticket/17",
])("%s is no function and receives 404 in Clientexec's shape", async (path) => {
  for (const secret of [key, null]) {
    const { status, type, text } = await askClientexec(gateway, secret, path);
    expect([status, type]).toEqual([404, "application/json"]);
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      "timestamp",
      "elapsed",
      "message",
      "success",
      "failure",
    ]);
    expect(JSON.parse(text)).toEqual(refusal("There is no such function"));
  }
});

it.each([
  "/api/v2/user",
  "/api/v2/user/usersonline",
  "/api/v1/livechat/users/agent",
  "/api",
  "/api/v2",
  "/api/other",
  "/apiusers/usersonline",
])("%s is not served by Clientexec's dialect", async (path) => {
  const { text } = await askClientexec(gateway, null, path);
  expect(text).not.toContain("failure");
});
