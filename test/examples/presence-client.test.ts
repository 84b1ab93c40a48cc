import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { system } from "../../src/domain/actor.js";
import { createInterface } from "node:readline";
import { BUILD_MS } from "../support/build.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser, PASSWORD, uniqueName } from "../support/given.js";
import { TcpProxy } from "../support/tcp-proxy.js";

const root = join(__dirname, "..", "..");
const program = join(root, "dist", "examples", "presence-client");
const actor = system("test");

let gateway: TestGateway;
let supervisor: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = join(root, "examples", "presence-client");
  const compiling = promisify(execFile)(process.execPath, [
    tsc,
    "-p",
    project,
    "--outDir",
    program,
  ]);
  // A long lease, so that no user goes offline during the tests.
  const starting = startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  [gateway] = await Promise.all([starting, compiling]);
  supervisor = (await givenSignedIn(gateway, "USER_READ", "USER_CUD")).user.username;
}, BUILD_MS);
afterAll(async () => {
  for (const child of children) child.kill();
  await gateway?.stop();
});

const environment = (url: string) => ({
  PATH: process.env["PATH"],
  ROLLCALL_URL: url,
  ROLLCALL_USER: supervisor,
  ROLLCALL_PASSWORD: PASSWORD,
});

function start(parameters: readonly string[], url = gateway.url) {
  const child = spawn(process.execPath, [join(program, "main.js"), ...parameters], {
    env: environment(url),
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** Runs the example to its end. @returns the exit code and the output */
async function run(...parameters: string[]): Promise<{ code: number; output: string }> {
  const child = start(parameters);
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output: output.trim() };
}

const online = async (firstname: string) => {
  const user = await givenUser(gateway, { firstname });
  await gateway.services.presence.heartbeat(actor, { user: { id: user.globalId } });
  return user;
};

it("the example client lists online users, follows changes and resumes after an outage", async () => {
  const ada = await online("Ada");
  const { output } = await run("online");
  expect(output.split("\n")).toContain("Ada: Available");

  const { proxy, url } = await TcpProxy.beforeUrl(gateway.url);
  const lines = createInterface(start(["follow"], url.replace(/\/$/, "")).stdout)[
    Symbol.asyncIterator
  ]();
  /** The next line about Ada. It shows that the example is subscribed: her connection brings her online and offline. */
  const next = async () => {
    for (;;) {
      const line = (await lines.next()).value as string;
      if (/^(Ada:|Following)/.test(line)) return line;
    }
  };
  while ((await next()) !== "Following");
  const setStatus = (statusId: number) =>
    gateway.services.presence.setStatus(actor, { user: { id: ada.globalId }, statusId });
  await setStatus(2);
  expect(await next()).toBe("Ada: Busy");
  proxy.cut();
  await setStatus(5);
  proxy.resume();
  expect(await next()).toBe("Ada: Pause");
  await setStatus(1);
  expect(await next()).toBe("Ada: Available");
  await proxy.close();
});

it("the example client sets a status by name and reports a refusal", async () => {
  const { username, globalId } = await online("Bob");
  expect(await run("set-status", username, "pause")).toEqual({ code: 0, output: "Bob: Pause" });
  // Sent with an idempotency key, so that a retry is safe.
  const kept = await gateway.dataSource.query<unknown[]>(
    `SELECT key_hash FROM idempotent_requests`,
  );
  expect(kept).toHaveLength(1);
  const lock = { user: { id: globalId }, statusId: 8, reason: "In training" };
  await gateway.services.presence.lockStatus(actor, lock);
  expect(await run("set-status", username, "Busy")).toEqual({
    code: 1,
    output: "The status is locked: In training",
  });
});

it("the example client retries with the new version instead of overwriting a user", async () => {
  const { username, globalId } = await givenUser(gateway, {
    firstname: "Eve",
    username: uniqueName(),
  });
  const lock = await lockedUser(globalId);
  const running = run("set-telephone", username, "+31201234567");
  await lock.hasWaiter();
  await lock.changeAndRelease(`firstname = 'Eva'`);
  expect(await running).toEqual({
    code: 0,
    output: "Changed meanwhile, now version 2\nEva: +31201234567, version 3",
  });
});

it("the example client does not overwrite a telephone number that changed meanwhile", async () => {
  const { username, globalId } = await givenUser(gateway, { firstname: "Kim" });
  const lock = await lockedUser(globalId);
  const running = run("set-telephone", username, "+31201234567");
  await lock.hasWaiter();
  await lock.changeAndRelease(`telephone = '+31209999999'`);
  expect(await running).toEqual({
    code: 1,
    output: "Somebody else has just made it +31209999999",
  });
});

it("the example client prints its usage", async () => {
  expect(await run("nothing")).toMatchObject({ code: 1, output: expect.stringMatching(/^Usage:/) });
});

/** Another transaction, which holds the user's row while the example changes it. */
async function lockedUser(globalId: string) {
  const runner = gateway.dataSource.createQueryRunner();
  await runner.startTransaction();
  const [{ id }] = (await runner.query(`SELECT id FROM users WHERE id = $1 FOR UPDATE`, [
    Number(Buffer.from(globalId, "base64url").toString().split(":")[1]),
  ])) as [{ id: number }];
  return {
    /** Resolves when the example waits for the lock: it has read the state before this change. */
    hasWaiter: async () => {
      const waiters = () =>
        gateway.dataSource.query<{ n: number }[]>(
          `SELECT count(*)::int AS n FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
      while ((await waiters())[0]?.n === 0);
    },
    changeAndRelease: async (change: string) => {
      await runner.query(`UPDATE users SET ${change}, version = version + 1 WHERE id = $1`, [id]);
      await runner.commitTransaction();
      await runner.release();
    },
  };
}
