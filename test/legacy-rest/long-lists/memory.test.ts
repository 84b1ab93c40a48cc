import { request } from "node:http";
import { createWorkerDatabase } from "../../support/database.js";
import { PATIENT } from "../../support/gateway.js";
import { insertCrowd } from "./crowd.js";
import { type MeasuredGateway, startMeasuredGateway } from "./gateway-memory.js";

/** Ten lists of them are a hundred megabytes as text, and several times that as rows. */
const PEOPLE = 40_000;
const AT_ONCE = 10;
const MEGABYTE = 1_000_000;
const GROWTH_ALLOWED = 50 * MEGABYTE;

const KEY = "key-of-the-memory-test-0123456789abcdef";
const TIMEOUT_MS = 120_000;

let gateway: MeasuredGateway;
beforeAll(async () => {
  const url = await createWorkerDatabase();
  await insertCrowd(url, PEOPLE);
  // Enough for all concurrent reads: half of the connections are for lists.
  gateway = await startMeasuredGateway({
    ...PATIENT,
    DATABASE_URL: url,
    DATABASE_POOL_MAX: String(2 * AT_ONCE),
    ROLLCALL_ADMIN_KEY: KEY,
  });
}, TIMEOUT_MS);
afterAll(() => gateway.kill());

interface Received {
  readonly bytes: number;
  readonly tail: string;
}

/** Reads the response as fast as it arrives, and keeps only its end. */
function receive(path: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}` };
    const outgoing = request(`${gateway.url}${path}`, { headers, agent: false }, (response) => {
      let [bytes, tail] = [0, ""];
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        tail = (tail + chunk.toString()).slice(-200);
      });
      response.on("end", () => resolve({ bytes, tail }));
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const lists = {
  "/rest/v1.0/1/users": { end: `"count":${PEOPLE},"orderBy":"UID"`, megabytes: 10 },
  "/api/v2/clients/users/usersonline": { end: `"message":""}`, megabytes: 8.5 },
};

it(
  "ten concurrent lists of 40,000 users take less than 50 MB",
  async () => {
    const paths = Object.keys(lists);
    // Warms up: compiles, plans, opens connections.
    for (const path of paths) await receive(path);
    const before = await gateway.begin();
    const received = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => receive(paths[i % paths.length] ?? "")),
    );
    const peak = await gateway.peak();

    received.forEach(({ bytes, tail }, i) => {
      const { end, megabytes } = Object.values(lists)[i % paths.length] ?? {};
      expect(tail).toContain(end);
      expect(bytes).toBeGreaterThan((megabytes ?? 0) * MEGABYTE);
    });
    expect(peak.rss - before.rss).toBeLessThan(GROWTH_ALLOWED);
    expect(peak.heap - before.heap).toBeLessThan(GROWTH_ALLOWED);
  },
  TIMEOUT_MS,
);
