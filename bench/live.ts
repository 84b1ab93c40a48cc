import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../src/config/schema.js";
import { openDatabase } from "../src/startup/open-database.js";
import { makeBenchServer } from "./bench-server.js";
import { type FleetOrder, type FleetReport, machineNow } from "./live-fleet.js";
import { openWriter, type Writer } from "./live-writer.js";
import { describe, percentile } from "./percentiles.js";

const SOCKETS = Number(process.argv[2] ?? 10_000);
const STEADY_SECONDS = Number(process.argv[3] ?? 60);
const PER_SECOND = 1000;
/** Subscribers of the steady load. */
const STEADY_SOCKETS = 10;
const FAN_OUT_ROUNDS = 10;
const MISSED = 10;
const USERS = 20_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const USERS_SQL = [
  `INSERT INTO users (username, rocket_chat_id, jtel_uid)
   SELECT 'u' || n, 'Bench' || lpad(n::text, 12, '0'), 'u' || n FROM generate_series(1, ${USERS}) n`,
  `INSERT INTO presences (user_id, status_id, source) SELECT id, 1, 'MANUAL' FROM users`,
  `INSERT INTO user_settings (user_id) SELECT id FROM users`,
  `ANALYZE`,
];

/** Resident memory of a process, in bytes. */
const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);

interface Fleet {
  readonly order: (order: FleetOrder) => Promise<FleetReport>;
  readonly stop: () => void;
}

function startFleet(): Fleet {
  const child = fork(join(__dirname, "live-fleet.js"));
  const waiting = new Map<number, (report: FleetReport) => void>();
  child.on("message", ({ id, report }: { id: number; report: FleetReport }) => {
    waiting.get(id)?.(report);
  });
  child.once("exit", (code) => {
    if (code) throw new Error(`the fleet ended with ${code}`);
  });
  let orders = 0;
  return {
    order: (order) =>
      new Promise((resolve) => {
        waiting.set(++orders, resolve);
        child.send({ id: orders, order });
      }),
    stop: () => void child.kill(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = machineNow();
  await work();
  return machineNow() - startedAt;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3000));

/** Changes users until every subscriber has received an event. */
async function subscribeAll(fleet: Fleet, writer: Writer): Promise<void> {
  let isSubscribed = false;
  const received = fleet.order({ do: "awaitEvent" }).then(() => (isSubscribed = true));
  await fleet.order({ do: "subscribe", after: null });
  while (!isSubscribed) {
    await Promise.race([received, new Promise((resolve) => setTimeout(resolve, 500))]);
    await writer.change(["hello"], 1);
  }
}

/** One change, received by all subscribers, several times. @returns the milliseconds from the commit to each event */
async function fanOut(fleet: Fleet, writer: Writer): Promise<number[]> {
  const all: number[] = [];
  for (const cause of numbered("fan-out", FAN_OUT_ROUNDS)) {
    const report = fleet.order({ do: "expect", causes: [cause] });
    const committedAt = (await writer.change([cause], 1)).get(cause) ?? NaN;
    const { receivedAt, duplicates } = await report;
    if (duplicates > 0) throw new Error("duplicate events");
    all.push(...receivedAt.map((at) => at - committedAt));
  }
  return all;
}

async function steady(fleet: Fleet, writer: Writer): Promise<void> {
  const causes = numbered("steady", PER_SECOND * STEADY_SECONDS);
  const report = fleet.order({ do: "expect", causes });
  const committedAt = await writer.change(causes, PER_SECOND);
  const { receivedAt, lost, duplicates } = await report;
  const commits = causes.map((cause) => committedAt.get(cause) ?? NaN);
  const lags = receivedAt.map((at, i) => at - (commits[i % commits.length] ?? NaN));
  const took = (Math.max(...commits) - Math.min(...commits)) / 1000;
  say(
    `${causes.length} changes at ${(causes.length / took).toFixed(0)}/s, received by ${STEADY_SOCKETS}:`,
  );
  say(`  lag ${describe(lags)}, lost ${lost}, duplicates ${duplicates}`);
}

async function run(): Promise<void> {
  const server = await makeBenchServer();
  const fleet = startFleet();
  try {
    const { dataSource, close } = await openDatabase(
      loadConfig({ DATABASE_URL: server.url, DATABASE_STATEMENT_TIMEOUT_MS: "600000" }),
      () => undefined,
    );
    for (const sql of USERS_SQL) await dataSource.query(sql);
    await close();
    const gateway = await server.startGateway({
      LIVE_CONNECTIONS_MAX: "100000",
      LIVE_CONNECTIONS_PER_CREDENTIAL: "100000",
    });
    const writer = await openWriter(server.url);

    // Allocates what does not depend on the number of sockets.
    await fleet.order({ do: "open", url: gateway.url, count: 100 });
    await fleet.order({ do: "subscribe", after: null });
    await fleet.order({ do: "cut" });
    await settled();
    const before = memoryOf(gateway.pid);
    const openMs = await timed(() => fleet.order({ do: "open", url: gateway.url, count: SOCKETS }));
    await settled();
    const idle = memoryOf(gateway.pid);
    const subscribeMs = await timed(() => subscribeAll(fleet, writer));
    await settled();
    const subscribed = memoryOf(gateway.pid);
    const kilobytes = (bytes: number) => (bytes / SOCKETS / 1024).toFixed(1);
    say(
      `${SOCKETS} sockets: opened in ${(openMs / 1000).toFixed(1)} s, subscribed in ${(subscribeMs / 1000).toFixed(1)} s`,
    );
    say(
      `  memory per socket ${kilobytes(idle - before)} kB idle, ${kilobytes(subscribed - before)} kB with a subscription`,
    );

    const latencies = await fanOut(fleet, writer);
    say(`one change received by all, ${FAN_OUT_ROUNDS} times: ${describe(latencies)}`);

    await reconnect(fleet, writer);
    await fleet.order({ do: "cut" });
    await settled();

    await fleet.order({ do: "open", url: gateway.url, count: STEADY_SOCKETS });
    await subscribeAll(fleet, writer);
    await settled();
    await steady(fleet, writer);
    await writer.close();
  } finally {
    fleet.stop();
    await server.stop();
  }
}

/** All subscribers lose their connections, reconnect immediately and replay the missed events. */
async function reconnect(fleet: Fleet, writer: Writer): Promise<void> {
  const last = numbered("before-cut", 1);
  const report = fleet.order({ do: "expect", causes: last });
  await writer.change(last, 1);
  const { cursor } = await report;
  await fleet.order({ do: "cut" });
  const missed = numbered("missed", MISSED);
  await writer.change(missed, PER_SECOND);
  const startedAt = machineNow();
  const replay = fleet.order({ do: "expect", causes: missed });
  void fleet.order({ do: "subscribe", after: cursor });
  const { receivedAt, lost, duplicates } = await replay;
  const waits = receivedAt.map((at) => at - startedAt);
  say(`all reconnect at the same time and receive ${MISSED} missed changes: ${describe(waits)}`);
  say(
    `  the last after ${(Math.max(0, percentile(waits, 100)) / 1000).toFixed(1)} s, lost ${lost}, duplicates ${duplicates}`,
  );
}

void run();
