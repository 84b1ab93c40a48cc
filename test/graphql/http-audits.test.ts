import { serverAudits } from "graphql-http";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

const audits = serverAudits({
  url: () => `${gateway.url}/graphql`,
  fetchFn: (url: string, { headers, ...init }: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${key}` },
    }),
});

it("graphql-http still has all of its audits", () => {
  expect(audits.length).toBeGreaterThanOrEqual(61);
});

it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
  "GraphQL over HTTP, %s: %s",
  async (_id, _name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: "ok" });
  },
);
