import { Client } from "pg";
import { createEmptyDatabase } from "../support/database.js";
import { eventually } from "../support/eventually.js";
import { build, BUILD_MS, cleanUp, type GatewayProcess, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const HEADERS = { "idempotency-key": "only-once" };
const GATE = 4711;

let database: Client;
let environment: Record<string, string>;

beforeAll(async () => {
  await build();
  const url = await createEmptyDatabase(`rollcall_process_once_${process.env["JEST_WORKER_ID"]}`);
  environment = {
    DATABASE_URL: url,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    DATABASE_STATEMENT_TIMEOUT_MS: "60000",
  };
  database = new Client({ connectionString: url });
  await database.connect();
}, BUILD_MS);
afterAll(async () => {
  await database.end();
  cleanUp();
});

const create = `mutation { createUser(input: { username: "ann" }) { user { id username version } } }`;
const ask = (gateway: GatewayProcess) => gateway.ask(ADMIN_KEY, create, HEADERS);

const users = async () =>
  (await database.query(`SELECT username, version FROM users ORDER BY id`)).rows as unknown[];

/** Blocks every transaction that stores a response. */
async function closeTheGate(): Promise<void> {
  await database.query(
    `CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN PERFORM pg_advisory_xact_lock(${GATE}); RETURN NEW; END $$`,
  );
  await database.query(
    `CREATE TRIGGER gate BEFORE UPDATE OF answer ON idempotent_requests FOR EACH ROW
     WHEN (NEW.answer IS NOT NULL) EXECUTE FUNCTION wait_at_gate()`,
  );
  await database.query(`SELECT pg_advisory_lock(${GATE})`);
}

/** @returns the process id of the blocked connection */
async function waitingAtTheGate(): Promise<number> {
  const { rows } = await database.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted`,
  );
  if (!rows[0]) throw new Error("nobody waits");
  return rows[0].pid;
}

it("a request whose gateway is killed between commit and response is not executed again and returns the right response", async () => {
  const first = await start(environment);
  await closeTheGate();
  const unanswered = ask(first).catch(() => "no answer");
  const pid = await eventually(waitingAtTheGate);
  expect(await users()).toEqual([{ username: "ann", version: 1 }]);
  await first.end("SIGKILL");
  expect(await unanswered).toBe("no answer");
  // Otherwise its statement would still be executed once the gate opens.
  await database.query(`SELECT pg_terminate_backend($1, 25000)`, [pid]);
  await database.query(`SELECT pg_advisory_unlock(${GATE})`);
  const kept = await database.query(`SELECT 1 FROM idempotent_requests WHERE answer IS NULL`);
  expect(kept.rowCount).toBe(1);

  const second = await start(environment);
  const recovered = await ask(second);
  expect(recovered.errors).toBeUndefined();
  expect(recovered.data).toMatchObject({ createUser: { user: { username: "ann", version: 1 } } });
  expect(recovered.headers.get("idempotency-replayed")).toBe("true");
  const again = await ask(second);
  expect(again.data).toEqual(recovered.data);
  expect(await users()).toEqual([{ username: "ann", version: 1 }]);
  await second.end("SIGTERM");
});
