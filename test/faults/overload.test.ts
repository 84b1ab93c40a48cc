import { Agent, request } from "node:http";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { doors, knock } from "./doors.js";

const MAX = 20;
const CROWD = 2000;

let gateway: TestGateway;
let proxy: TcpProxy;
let key: string;
/** A refused request leaves its connection to the next one. */
const agent = new Agent({ keepAlive: true, maxSockets: 5 * MAX });

beforeAll(async () => {
  gateway = await startTestGateway(async (url) => {
    const way = await TcpProxy.beforeUrl(url);
    proxy = way.proxy;
    return {
      DATABASE_URL: way.url,
      LOG_LEVEL: "silent",
      REQUESTS_MAX: String(MAX),
      ANSWER_TIMEOUT_MS: "60000",
      DATABASE_POOL_WAIT_MS: "60000",
      DATABASE_STATEMENT_TIMEOUT_MS: "60000",
    };
  });
  key = await gateway.givenKey("ADMIN");
});
afterAll(async () => {
  agent.destroy();
  proxy.resume();
  await gateway.stop();
  await proxy.close();
});

const ask = () =>
  new Promise<number | undefined>((resolve, reject) => {
    request(`${gateway.url}/graphql?query={users{totalCount}}`, {
      agent,
      headers: { authorization: `Bearer ${key}`, "apollo-require-preflight": "true" },
    })
      .on("response", (response) =>
        response.resume().once("end", () => resolve(response.statusCode)),
      )
      .on("error", reject)
      .end();
  });

it("with a silent database requests up to the limit are in flight and the others are refused immediately", async () => {
  proxy.stall();
  const statuses: (number | undefined)[] = [];
  const crowd = Promise.all(
    Array.from({ length: CROWD }, () => ask().then((status) => statuses.push(status))),
  );
  // The database does not respond until every request has a response.
  await eventually(async () => {
    await Promise.race([crowd, Promise.resolve()]);
    expect(statuses).toHaveLength(CROWD - MAX);
  });
  expect(new Set(statuses)).toEqual(new Set([503]));
  for (const door of doors)
    expect((await knock(gateway.url, door, key)).body).toEqual(door.refusal);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);

  proxy.resume();
  await crowd;
  expect(statuses.filter((status) => status === 200)).toHaveLength(MAX);
});
