import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askClientexec, USERS_ONLINE } from "./ask-clientexec.js";

let gateway: TestGateway | undefined;
afterEach(() => gateway?.stop());

const statusesOf = async (running: TestGateway, paths: readonly string[]) => {
  const key = await running.givenKey("USER_READ");
  const answers = await Promise.all(paths.map((path) => askClientexec(running, key, path)));
  return answers.map(({ status }) => status);
};

it("clientexec: the base path is a setting", async () => {
  gateway = await startTestGateway({ CLIENTEXEC_BASE_PATH: "/billing/api" });
  const paths = [`/billing${USERS_ONLINE}`, "/billing/api/users/usersonline", USERS_ONLINE];
  expect(await statusesOf(gateway, paths)).toEqual([200, 200, 404]);
});

it("clientexec: the dialect can be disabled", async () => {
  gateway = await startTestGateway({ CLIENTEXEC_ENABLED: "false" });
  expect(await statusesOf(gateway, [USERS_ONLINE, "/api/users/usersonline"])).toEqual([404, 404]);
});
