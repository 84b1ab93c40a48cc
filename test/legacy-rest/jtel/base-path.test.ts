import { startTestGateway, type TestGateway } from "../../support/gateway.js";
import { askJtel } from "./ask-jtel.js";

let gateway: TestGateway | undefined;
afterEach(() => gateway?.stop());

it("jtel: the base path is a setting", async () => {
  gateway = await startTestGateway({ JTEL_BASE_PATH: "/jtel/rest" });
  const key = await gateway.givenKey("USER_READ");
  expect(await askJtel(gateway, key, "/1/users", { base: "/jtel/rest" })).toMatchObject({
    status: 200,
  });
  expect(await askJtel(gateway, key, "/1/users")).toMatchObject({
    status: 404,
    text: `{"error":"Not found"}`,
  });
});

it("jtel: the dialect can be disabled", async () => {
  gateway = await startTestGateway({ JTEL_ENABLED: "false" });
  const key = await gateway.givenKey("USER_READ");
  expect(await askJtel(gateway, key, "/1/users")).toMatchObject({
    status: 404,
    text: `{"error":"Not found"}`,
  });
});
