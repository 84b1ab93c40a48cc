import type { Pool } from "pg";
import { LogLines } from "../logging/log-lines.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const log = new LogLines();
let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway({}, log);
  key = await gateway.givenKey("USER_READ");
});
afterAll(() => gateway.stop());

/** Drops the prepared statements, as a pooler does when it replaces the server connection. */
async function forgetStatements(): Promise<void> {
  const pool = (gateway.dataSource.driver as unknown as { readonly master: Pool }).master;
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  for (const client of clients) {
    await client.query("DEALLOCATE ALL");
    client.release();
  }
}

it("prepared statements lost by a pooler are logged once, with the setting to change", async () => {
  const ask = async () => (await gateway.ask(key, `{ users(first: 1) { nodes { id } } }`)).status;
  expect(await ask()).toBe(200);
  // A connection without prepared statements succeeds once.
  const failures = () => log.all.filter(({ msg }) => msg === "unexpected");
  await eventually(async () => {
    await forgetStatements();
    expect([200, 500]).toContain(await ask());
    expect(failures().length).toBeGreaterThan(1);
  });
  const codes = failures().map(({ err }) => (err as { code?: string }).code);
  expect(new Set(codes)).toEqual(new Set(["26000"]));
  const advice = log.all.filter(({ msg }) => msg.includes("DATABASE_PREPARED_STATEMENTS=false"));
  expect(advice).toHaveLength(1);
});
