import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetrics, valueOf } from "../metrics/scrape.js";
import { build, BUILD_MS, root } from "../process/gateway-process.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { rollcall } from "./command-run.js";

const PEOPLE = 1500;
const METRICS_TOKEN = "token-of-the-metrics-0123456789abcdefgh";

let gateway: TestGateway;
beforeAll(async () => {
  await build();
  gateway = await startTestGateway({ METRICS_TOKEN });
}, BUILD_MS);
afterAll(() => gateway.stop());

const imported = async (): Promise<{ people: number; audits: number }> => {
  const [counts] = await gateway.dataSource.query<[{ people: number; audits: number }]>(
    `SELECT (SELECT count(*)::int FROM users u JOIN presences p ON p.user_id = u.id JOIN user_settings s ON s.user_id = u.id) AS people,
            (SELECT count(*)::int FROM audit_records WHERE action = 'importUsers') AS audits`,
  );
  return counts;
};

/** The number of requests in flight. */
async function beingWorkedOn(): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const scraped = await (await fetch(`${gateway.url}/metrics`, { headers })).text();
  return valueOf(readMetrics(scraped), "rollcall_requests_in_flight");
}

it("a killed import has written whole batches and is completed by running it again", async () => {
  const path = join(makeTempDir(), "people.csv");
  const lines = Array.from(
    { length: PEOPLE },
    (_, i) => `person${i},person${i}@example.com,${10_000 + i}`,
  );
  writeFileSync(path, ["username,email,omnideskId", ...lines].join("\n"));
  const { PATH = "", HOME = "" } = process.env;
  const env = { ROLLCALL_URL: gateway.url, ROLLCALL_KEY: await gateway.givenKey("ADMIN") };
  const args = ["import", "file", path, "--json"];
  const child = spawn(process.execPath, [join(root, "dist/src/cli/main.js"), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  // The first printed rows are those of the first batch.
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  // The batch in flight is finished or rolled back.
  await eventually(async () => expect(await beingWorkedOn()).toBe(0));

  const { people, audits } = await imported();
  expect(people).toBeGreaterThanOrEqual(100);
  expect([people % 100, audits]).toEqual([0, people]);
  const { code, stdout } = await rollcall(args, { env });
  expect(code).toBe(0);
  const { summary } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
    summary: { created: number; unchanged: number };
  };
  expect(summary).toMatchObject({ created: PEOPLE - people, unchanged: people });
  expect(await imported()).toEqual({ people: PEOPLE, audits: PEOPLE });
});
