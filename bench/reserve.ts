import { loadConfig } from "../src/config/schema.js";
import { openDatabase } from "../src/startup/open-database.js";
import { system } from "../src/domain/actor.js";
import { createLogger } from "../src/observability/logging/logger.js";
import { createServices, type Services } from "../src/services/index.js";
import { makeBenchServer } from "./bench-server.js";
import { openCallers } from "./callers.js";
import { openFloor } from "./reserve-floor.js";
import { describe, type Latencies, percentile } from "./percentiles.js";

const CALLERS = 200;
const ROUNDS = 30;
/** Compiles, plans and opens connections; not counted. */
const WARM_UP_ROUNDS = 20;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const actor = system("bench");

/** An available agent with one slot. @returns the global id */
async function createFreeAgent(services: Services, name: string): Promise<string> {
  const { globalId: id } = await services.users.create(actor, { username: name });
  const user = { id };
  await services.agents.register(actor, { user, role: "AGENT" });
  await services.settings.update(actor, { user, maxChats: 1 });
  await services.presence.setStatus(actor, { user, statusId: 1 });
  return id;
}

/** The latency of each caller, from the first call of the round. */
async function timeRound(call: (caller: number) => Promise<boolean>): Promise<Latencies> {
  const startedAt = performance.now();
  const results = await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => ({
      won: await call(caller),
      ms: performance.now() - startedAt,
    })),
  );
  const winners = results.filter(({ won }) => won).length;
  if (winners !== 1) throw new Error(`${winners} of ${CALLERS} callers got the one slot`);
  return results.map(({ ms }) => ms);
}

/** 200 concurrent callers for one free slot: the gateway, and the minimum that Postgres needs for it. */
async function run(): Promise<void> {
  const server = await makeBenchServer();
  try {
    const config = loadConfig({ DATABASE_URL: server.url });
    const { dataSource, close } = await openDatabase(config, () => undefined);
    const services = createServices(dataSource, config, createLogger("silent"));
    const { url } = await server.startGateway();
    const callers = await openCallers(url, CALLERS);
    const floor = await openFloor(server.url, config.database.poolMax);
    const measured = { gateway: [] as number[], floor: [] as number[] };
    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
      const id = await createFreeAgent(services, `round-${round + WARM_UP_ROUNDS}`);
      const slot = await floor.createSlot();
      const ofGateway = await timeRound((caller) => callers.reserve(caller, id));
      const ofFloor = await timeRound(() => floor.reserve(slot));
      if (round < 1) continue;
      measured.gateway.push(...ofGateway);
      measured.floor.push(...ofFloor);
      say(`round ${round}: gateway ${describe(ofGateway)}; floor ${describe(ofFloor)}`);
    }
    const beyond = percentile(measured.gateway, 99) - percentile(measured.floor, 99);
    say(
      `\n${CALLERS} callers for one slot, ${ROUNDS} rounds, a pool of ${config.database.poolMax}`,
    );
    say(`gateway  ${describe(measured.gateway)}`);
    say(`floor    ${describe(measured.floor)}`);
    say(`p99 beyond the floor: ${beyond.toFixed(1)} ms`);
    callers.close();
    await floor.close();
    await close();
  } finally {
    await server.stop();
  }
}

run().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
