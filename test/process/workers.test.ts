import { Client } from "pg";
import { loadConfig } from "../../src/config/schema.js";
import { configOfWorker } from "../../src/cluster/worker-pool.js";
import { createWorkerDatabase } from "../support/database.js";
import { eventually } from "../support/eventually.js";
import { openSignedIn, type RawSocket, subscribeTo } from "../support/raw-socket.js";
import { build, BUILD_MS, cleanUp, type GatewayProcess, launch, start } from "./gateway-process.js";

const ADMIN_KEY = "bootstrap-key-0123456789abcdef0123456789abcdef";
const [WORKERS, POINTS] = [2, 2000];

let gateway: GatewayProcess;
let databaseUrl: string;
beforeAll(async () => {
  await build();
  databaseUrl = await createWorkerDatabase();
  gateway = await start({
    DATABASE_URL: databaseUrl,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    ROLLCALL_HOST: "127.0.0.1",
    ROLLCALL_WORKERS: String(WORKERS),
    RATE_LIMIT_PER_CREDENTIAL: String(POINTS),
    // Longer than the test takes to notice.
    DRAIN_NOTICE_MS: "8000",
  });
}, BUILD_MS);
afterAll(cleanUp);

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly requestId?: string;
  readonly operation?: string;
}

const lines = (): Line[] =>
  gateway
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);

const serving = () => lines().filter(({ msg }) => msg === "worker started");

/** The workers that have logged such a line. */
const workersOf = (isIt: (line: Line) => boolean) =>
  new Set(lines().flatMap((line) => (isIt(line) && line.worker !== undefined ? line.worker : [])));

/** Opens a connection for each request, so that the workers serve them in turn. @throws without a response */
async function ask(query: string, secret = ADMIN_KEY) {
  const { status, data } = await gateway.ask(secret, query, { connection: "close" });
  return { status, data };
}

const create = (username: string) =>
  ask(`mutation { createUser(input: { username: "${username}" }) { user { username } } }`);

async function usernames(prefix: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ username: string }>(
    `SELECT username FROM users WHERE starts_with(username, $1) ORDER BY id`,
    [prefix],
  );
  await client.end();
  return rows.map(({ username }) => username);
}

/** Creates users one after the other until `stop` is called. It resolves with the acknowledged ones and the failures. */
function keepCreating(prefix: string) {
  let isStopped = false;
  const run = async () => {
    const outcome = { made: [] as string[], failed: 0 };
    for (let n = 1; !isStopped; n += 1) {
      const answer = await create(`${prefix}-${n}`).catch(() => null);
      if (answer?.data) outcome.made.push(`${prefix}-${n}`);
      else outcome.failed += 1;
    }
    return outcome;
  };
  const done = run();
  return {
    stop: () => {
      isStopped = true;
      return done;
    },
  };
}

const isOfSocket = ({ msg }: Line) => msg === "socket";
const isOfMutation = ({ operation }: Line) => operation?.startsWith("mutation") === true;

/** Subscribes to users and changes some, each over any worker. */
async function tellOfChanges(round: number): Promise<void> {
  const sockets: RawSocket[] = [];
  for (let i = 0; i < 2 * WORKERS; i++) sockets.push(await openSignedIn(gateway.url, ADMIN_KEY));
  for (const raw of sockets) {
    raw.send(subscribeTo("1", `subscription { userChanged(after: "") { gap user { username } } }`));
    expect(await raw.next()).toMatchObject({ payload: { data: { userChanged: { gap: true } } } });
  }
  for (const username of [`told.one.${round}`, `told.two.${round}`]) {
    await create(username);
    for (const raw of sockets) {
      const userChanged = { gap: false, user: { username } };
      expect(await raw.next()).toMatchObject({ payload: { data: { userChanged } } });
    }
  }
  for (const { socket } of sockets) socket.close();
  await eventually(() => {
    expect(lines().filter(isOfSocket)).toHaveLength(round * sockets.length);
    expect(lines().filter(isOfMutation)).toHaveLength(round * 2);
    return Promise.resolve();
  });
}

it("an event reaches subscribers of all workers, whichever made the change", async () => {
  const haveAll = (isIt: (line: Line) => boolean) => workersOf(isIt).size === WORKERS;
  // A stalled worker may serve no connection of a round.
  for (let round = 1; !haveAll(isOfSocket) || !haveAll(isOfMutation); round += 1) {
    await tellOfChanges(round);
  }
});

it("a key revoked by one worker is refused by all immediately, and its connections are closed", async () => {
  const input = `{ name: "short-lived", permissions: [USER_READ] }`;
  const { data } = await ask(`mutation { createApiKey(input: ${input}) { apiKey { id } secret } }`);
  const { apiKey, secret } = (data as { createApiKey: { apiKey: { id: string }; secret: string } })
    .createApiKey;
  const sockets = [];
  for (let i = 0; i < 2 * WORKERS; i++) sockets.push(await openSignedIn(gateway.url, secret));
  await ask(`mutation { revokeApiKey(input: { id: "${apiKey.id}" }) { apiKey { id } } }`);
  for (let i = 0; i < 2 * WORKERS; i++) {
    expect((await ask(`{ viewer { name } }`, secret)).status).toBe(401);
  }
  for (const { closed } of sockets) expect((await closed).code).toBe(4401);
});

it("workers share their rate limits", async () => {
  let asked = 0;
  /** @returns the remaining points, and the worker that reported them */
  const left = async () => {
    const requestId = `counted-${(asked += 1)}`;
    const { headers } = await gateway.ask(ADMIN_KEY, `{ __typename }`, {
      connection: "close",
      "x-request-id": requestId,
    });
    const { worker } = await eventually(() => {
      const line = lines().find((each) => each.requestId === requestId);
      return line ? Promise.resolve(line) : Promise.reject(new Error("no line"));
    });
    return { worker, points: Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]) };
  };
  /** The least remaining points of all workers. */
  const least = async () => {
    const seen = [await left()];
    while (new Set(seen.map(({ worker }) => worker)).size < WORKERS) seen.push(await left());
    return Math.min(...seen.map(({ points }) => points));
  };
  // Each worker has fetched its share of the common points. At most one minute ends between the two calls.
  const share = POINTS / 20;
  expect(Math.min(await least(), await least())).toBeLessThan(POINTS - share);
});

it("every worker returns the metrics of all", async () => {
  const viewers = async () => {
    const response = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}`, connection: "close" },
    });
    const text = await response.text();
    const line = /^rollcall_request_duration_seconds_count\{.*operation="viewer".*\} (\d+)/m;
    return Number(line.exec(text)?.[1] ?? 0);
  };
  const before = await viewers();
  for (let i = 0; i < 3 * WORKERS; i++) await ask(`{ viewer { name } }`);
  await eventually(async () => expect(await viewers()).toBe(before + 3 * WORKERS));
  expect(await viewers()).toBe(before + 3 * WORKERS);
});

it("a killed worker loses nothing acknowledged, and another one replaces it", async () => {
  const creating = keepCreating("killed");
  await eventually(async () => expect((await usernames("killed")).length).toBeGreaterThan(5));
  const [victim] = serving();
  process.kill(victim?.pid ?? 0, "SIGKILL");
  const { status } = await fetch(`${gateway.url}/healthz`, { headers: { connection: "close" } });
  expect(status).toBe(200);
  await eventually(() => {
    expect(serving()).toHaveLength(WORKERS + 1);
    return Promise.resolve();
  });
  const next = serving().at(-1)?.worker;
  await eventually(() => {
    expect(workersOf(({ msg }) => msg === "request")).toContain(next);
    return Promise.resolve();
  });
  const { made, failed } = await creating.stop();
  expect(await usernames("killed")).toEqual(expect.arrayContaining(made));
  // Only the request in flight may fail.
  expect(failed).toBeLessThanOrEqual(1);
});

it("Postgres connections are divided among the workers", () => {
  const shareOf = (workers: string) => {
    const { database, rateLimits } = configOfWorker(
      loadConfig({ ROLLCALL_WORKERS: workers }),
      databaseUrl,
    );
    return [database.url, database.poolMax, rateLimits.shared];
  };
  expect(["2", "3", "64"].map(shareOf)).toEqual([5, 3, 2].map((max) => [databaseUrl, max, true]));
});

it("workers that cannot listen are reported once with a remedy", async () => {
  const { ended } = launch({
    DATABASE_URL: databaseUrl,
    ROLLCALL_HOST: "127.0.0.1",
    ROLLCALL_WORKERS: String(WORKERS),
    PORT: new URL(gateway.url).port,
  });
  const { code, output } = await ended;
  expect(code).toBe(1);
  expect(output.match(/the port is in use/g)).toHaveLength(1);
  expect((await ask("{ viewer { name } }")).status).toBe(200);
});

it("on SIGTERM under load all workers stop without losing a request", async () => {
  const creating = [keepCreating("stop-a"), keepCreating("stop-b")];
  await eventually(async () => expect((await usernames("stop")).length).toBeGreaterThan(5));
  const ended = gateway.end("SIGTERM");
  await eventually(async () => {
    const { status } = await fetch(`${gateway.url}/readyz`, { headers: { connection: "close" } });
    expect(status).toBe(503);
  });
  const outcomes = await Promise.all(creating.map(({ stop }) => stop()));
  expect(outcomes.map(({ failed }) => failed)).toEqual([0, 0]);
  const made = outcomes.flatMap((outcome) => outcome.made);
  expect((await usernames("stop")).sort()).toEqual(made.sort());
  expect((await ended).code).toBe(0);
});
