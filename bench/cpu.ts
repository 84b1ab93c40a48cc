import { loadConfig } from "../src/config.js";
import { openDatabase } from "../src/database.js";
import { seedLoad } from "../src/demo/seed-load.js";
import { makeBenchServer } from "./bench-server.js";
import { type Callers, openCallers } from "./callers.js";
import { cpuTimeOf } from "./cpu-time.js";
import { percentile } from "./percentiles.js";

const USERS = 2000;
const CONNECTIONS = 32;
const ROUNDS = 5;
const REQUESTS_PER_ROUND = 1500;

interface Workload {
  readonly name: string;
  /** How many requests of it make a round. */
  readonly share: number;
  readonly query: string;
  /** @param id of a person, another one for each request */
  readonly variables: (id: string, statusId: number) => object;
}

/** Of everybody whose status can be set. */
async function readIds(callers: Callers): Promise<readonly string[]> {
  const query = `query ($after: Cursor) { users(first: 100, after: $after, filter: { active: true }) {
    nodes { id presence { lock { until } } } pageInfo { hasNextPage endCursor } } }`;
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const { data } = (await callers.ask(0, query, { after })) as { data: { users: IdPage } };
    const free = data.users.nodes.filter(({ presence }) => presence.lock === null);
    ids.push(...free.map(({ id }) => id));
    if (!data.users.pageInfo.hasNextPage) return ids;
    after = data.users.pageInfo.endCursor;
  }
}

interface IdPage {
  readonly nodes: readonly {
    readonly id: string;
    readonly presence: { readonly lock: object | null };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const workloads: readonly Workload[] = [
  {
    name: "one user, 4 fields",
    share: 1,
    query: `query ($by: UserBy!) { user(by: $by) { id username displayName email } }`,
    variables: (id) => ({ by: { id } }),
  },
  {
    name: "50 users with agent, presence and groups",
    share: 0.1,
    query: `{ users(first: 50) { nodes { id displayName agent { availability }
              presence { status { name } } groups { name } } } }`,
    variables: () => ({}),
  },
  {
    name: "setStatus",
    share: 0.5,
    query: `mutation ($input: SetStatusInput!) { setStatus(input: $input) { presence { status { name } } } }`,
    variables: (id, statusId) => ({ input: { user: { id }, statusId } }),
  },
];

let sent = 0;

/** @returns once all are answered */
async function send(
  { callers, ids }: { readonly callers: Callers; readonly ids: readonly string[] },
  { name, query, variables }: Workload,
  requests: number,
): Promise<void> {
  let left = requests;
  const caller = async (_: unknown, index: number) => {
    for (; left > 0; sent += 1) {
      left -= 1;
      // Each time round they get the other status.
      const statusId = 1 + (Math.floor(sent / ids.length) % 2);
      const given = variables(ids[sent % ids.length] ?? "", statusId);
      const { errors } = await callers.ask(index, query, given);
      if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * What a request costs the gateway and Postgres, in processor time: on a machine with other work it says more than the time
 * until the answer.
 */
async function run(): Promise<void> {
  const server = await makeBenchServer();
  try {
    const config = loadConfig({ DATABASE_URL: server.url });
    const { dataSource, close } = await openDatabase(config, () => undefined);
    await seedLoad(dataSource, { users: USERS, agents: USERS / 5 });
    await close();
    const gateway = await server.startGateway();
    const callers = await openCallers(gateway.url, CONNECTIONS);
    const ids = await readIds(callers);
    const costs = new Map(
      workloads.map((w) => [w, { gateway: [] as number[], postgres: [] as number[] }]),
    );
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [workload, cost] of costs) {
        const requests = REQUESTS_PER_ROUND * workload.share;
        const before = [cpuTimeOf(gateway.pid), cpuTimeOf(server.pid)] as const;
        await send({ callers, ids }, workload, requests);
        // The first round compiles and plans.
        if (round === 0) continue;
        cost.gateway.push((cpuTimeOf(gateway.pid) - before[0]) / requests);
        cost.postgres.push((cpuTimeOf(server.pid) - before[1]) / requests);
      }
    }
    for (const [{ name }, { gateway: own, postgres }] of costs) {
      const median = (values: readonly number[]) => percentile(values, 50).toFixed(0);
      say(`${name}: gateway ${median(own)} µs, Postgres ${median(postgres)} µs`);
    }
    callers.close();
  } finally {
    await server.stop();
  }
}

run().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
