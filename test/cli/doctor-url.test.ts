import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { rollcall } from "./command-run.js";

let gateway: TestGateway;
let key: string;
const servers: Server[] = [];
beforeAll(async () => {
  gateway = await startTestGateway();
  key = await gateway.givenKey("USER_READ", "API_RESERVE_USER");
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await gateway.stop();
});

async function examine(url: string, ROLLCALL_KEY = "") {
  const run = await rollcall(["doctor", "--url", url, "--json"], { env: { ROLLCALL_KEY } });
  const { ok, findings } = JSON.parse(run.stdout) as {
    ok: boolean;
    findings: { check: string; state: string; words: string; advice?: string }[];
  };
  const unwell = findings.filter(({ state }) => state !== "ok");
  // Each failed check has advice.
  expect(unwell.filter(({ advice }) => advice === undefined)).toEqual([]);
  const found = (name: string) => findings.find(({ check }) => check === name);
  return { code: run.code, ok, findings, unwell: unwell.map((f) => [f.check, f.state]), found };
}

type Answer = readonly [status: number, body: object, headers?: Record<string, string>];

/** The gateway with other responses for some paths. @returns the received requests, too */
async function givenOther(answers: Readonly<Record<string, Answer>>) {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const answer = answers[request.url ?? ""];
    if (answer === undefined) {
      response.writeHead(307, { location: `${gateway.url}${request.url}` }).end();
      return;
    }
    const [status, body, headers] = answer;
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const well: Readonly<Record<string, Answer>> = {
  "/healthz": [200, { status: "ok" }],
  "/readyz": [200, { status: "ready" }],
  "/openapi.json": [404, {}],
};

it("doctor --url reports a healthy gateway with the key's permissions, version and clock", async () => {
  const { code, ok, findings, unwell, found } = await examine(gateway.url, key);
  expect([code, ok, unwell]).toEqual([0, true, []]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...["gateway", "readiness", "version", "clock", "credential"],
  ]);
  expect(found("credential")?.words).toMatch(/^The key ".*" has: .*USER_READ/);
  expect(JSON.stringify(findings)).not.toContain(key);

  // ROLLCALL_URL sets the address as well, and may be that of GraphQL.
  const env = { ROLLCALL_URL: `${gateway.url}/graphql`, ROLLCALL_KEY: key };
  const { stdout } = await rollcall(["doctor"], { env });
  expect(stdout).toMatch(/^ok {6} gateway {9}http:\S+ responded after \d+ ms\nok {6} readiness/);
});

it("doctor --url fails for an unknown key and warns about none or one without permissions", async () => {
  const unknown = await examine(gateway.url, "rollcall_key_nobody_has_this_one");
  expect([unknown.code, unknown.unwell]).toEqual([1, [["credential", "fault"]]]);
  expect(unknown.found("credential")?.advice).toContain("revoked");
  for (const ROLLCALL_KEY of ["", await gateway.givenKey()]) {
    const { code, unwell } = await examine(gateway.url, ROLLCALL_KEY);
    expect([code, unwell]).toEqual([0, [["credential", "warning"]]]);
  }
});

it("doctor --url fails for an address that is no gateway and does not send the credential", async () => {
  const gone = await givenOther({});
  servers.at(-1)?.close();
  const nobody = await examine(gone.url, key);
  expect([nobody.code, nobody.unwell]).toEqual([1, [["gateway", "fault"]]]);
  expect(nobody.found("gateway")?.words).toContain("ECONNREFUSED");

  const other = await givenOther({});
  const elsewhere = await examine(other.url, key);
  expect([elsewhere.code, elsewhere.unwell]).toEqual([1, [["gateway", "fault"]]]);
  expect(elsewhere.found("gateway")?.words).toContain("responds with 307");
  expect(other.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
});

it.each([
  ["unavailable", /database does not respond/],
  ["stopping", /Shutting down/],
  ["odd", /\/readyz responds with 503/],
])("doctor --url fails for a gateway that is %s", async (status, words) => {
  const { url } = await givenOther({ ...well, "/readyz": [503, { status }] });
  const { code, unwell, found } = await examine(url);
  expect([code, unwell[0]]).toEqual([1, ["readiness", "fault"]]);
  expect(found("readiness")?.words).toMatch(words);
});

it("doctor --url warns about another version and another clock", async () => {
  const date = new Date(Date.now() - 60_000).toUTCString();
  const { url } = await givenOther({
    ...well,
    "/healthz": [200, { status: "ok" }, { date }],
    "/openapi.json": [200, { info: { version: "99.0.0" } }],
  });
  const { code, unwell, found } = await examine(url);
  expect([code, unwell.slice(0, 2)]).toEqual([
    0,
    [
      ["version", "warning"],
      ["clock", "warning"],
    ],
  ]);
  expect(found("version")?.words).toMatch(/^The gateway is Rollcall 99\.0\.0, this command \d/);
});

it("doctor refuses an invalid address with exit code 2", async () => {
  const { code, stderr } = await rollcall(["doctor", "--url", "desk.example.com"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("is not the address of a gateway")]);
});
