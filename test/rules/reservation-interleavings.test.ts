import fc from "fast-check";
import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { type GraphQLAnswer, startTestGateway, type TestGateway } from "../support/gateway.js";
import { mutate } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  givenGroup,
  miscounted,
  reservationIn,
  type Reserving,
  reservingAs,
  type SeenReservation,
} from "./reserving.js";

const MAX_CHATS = 2;
const AVAILABLE = 1;
const PAUSE = 5;

let gateway: TestGateway;
let admin: string;
let router: Reserving;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(() => gateway.stop());

type Step =
  | { readonly do: "reserveNext" }
  | { readonly do: "reserve"; readonly agent: number; readonly ttlSeconds: number }
  | { readonly do: "accept" | "release"; readonly which: number }
  | { readonly do: "leave" | "return" | "pause" | "work"; readonly agent: number };

const agent = fc.nat({ max: 1 });
const which = fc.nat({ max: 5 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("reserve" as const),
      agent,
      ttlSeconds: fc.constantFrom(1, 60),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: "reserveNext" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("accept" as const, "release" as const), which }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("leave" as const, "return" as const, "pause" as const, "work" as const),
      agent,
    }),
  },
);

interface Stage {
  readonly agents: readonly User[];
  readonly groupId: string;
  /** In the order of the responses. */
  readonly held: SeenReservation[];
}

function call({ agents, groupId, held }: Stage, step: Step): Promise<GraphQLAnswer> {
  if (step.do === "reserveNext") return router.reserveNext({ groupId });
  if ("which" in step) {
    const nothing = { id: "", fencingToken: 1 };
    return router[step.do](held[held.length - 1 - step.which] ?? nothing);
  }
  const { globalId } = agents[step.agent] ?? { globalId: "" };
  const user = { id: globalId };
  switch (step.do) {
    case "reserve":
      return router.reserve({ globalId }, { ttlSeconds: step.ttlSeconds });
    case "leave":
      return mutate(gateway, admin, "removeAgent", { user, role: "AGENT" });
    case "return":
      return mutate(gateway, admin, "registerAgent", { user, role: "AGENT" });
    case "pause":
      return mutate(gateway, admin, "setStatus", { user, statusId: PAUSE });
    case "work":
      return mutate(gateway, admin, "setStatus", { user, statusId: AVAILABLE });
  }
}

/** @returns the code of the refusal, or OK */
async function run(stage: Stage, step: Step): Promise<string> {
  const answer = await call(stage, step);
  if (answer.errors) return answer.errors[0]?.extensions.code ?? "";
  if (step.do === "reserve" || step.do === "reserveNext") stage.held.push(reservationIn(answer));
  return "OK";
}

/** The maximum number of each user's reservations that were active at the same time. */
const mostAtOnce = (agents: readonly User[]): Promise<{ most: number }[]> =>
  gateway.dataSource.query(
    `WITH told AS (
       SELECT e.subject, e.id, e.payload->>'id' AS reservation, e.payload->>'state' AS state
       FROM events e WHERE e.topic = 'reservationChanged' AND e.subject = ANY($1::text[])),
     steps AS (
       SELECT subject, id, CASE state WHEN 'HELD' THEN 1 WHEN 'ACCEPTED' THEN 0 ELSE -1 END AS step FROM told),
     counts AS (
       SELECT subject, sum(step) OVER (PARTITION BY subject ORDER BY id) AS active FROM steps)
     SELECT max(active)::int AS most FROM counts GROUP BY subject`,
    [agents.map(({ globalId }) => globalId)],
  );

const expectedCodes = ["OK", "NOT_AVAILABLE", "CONFLICT", "NOT_FOUND"];

it("in every interleaving no agent exceeds their slots, fencing tokens grow and the counts are right", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyStep, { maxLength: 8 }), { maxLength: 6 }),
      async (waves) => {
        const groupId = await givenGroup(gateway);
        const options = { maxChats: MAX_CHATS, groupIds: [groupId] };
        const agents = [
          await givenAvailableAgent(gateway, options),
          await givenAvailableAgent(gateway, options),
        ];
        const stage: Stage = { agents, groupId, held: [] };
        // The steps of a wave run concurrently, the waves one after the other.
        for (const wave of waves) {
          const before = new Map<string, number>();
          for (const { user, fencingToken } of stage.held) {
            before.set(user.id, Math.max(before.get(user.id) ?? 0, fencingToken));
          }
          const known = stage.held.length;
          const codes = await Promise.all(wave.map((step) => run(stage, step)));
          for (const code of codes) expect(expectedCodes).toContain(code);
          for (const { user, fencingToken } of stage.held.slice(known)) {
            expect(fencingToken).toBeGreaterThan(before.get(user.id) ?? 0);
          }
        }
        const tokens = stage.held.map(({ user, fencingToken }) => `${user.id} ${fencingToken}`);
        expect(new Set(tokens).size).toBe(tokens.length);
        for (const { most } of await mostAtOnce(agents))
          expect(most).toBeLessThanOrEqual(MAX_CHATS);
        // An expired hold counts until it is swept.
        await eventually(async () => expect(await miscounted(gateway)).toEqual([]));
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

it("concurrent changes of the same users never deadlock", async () => {
  const groupId = await givenGroup(gateway);
  const agents = await Promise.all(
    [1, 2, 3].map(() => givenAvailableAgent(gateway, { maxChats: 50, groupIds: [groupId] })),
  );
  const before = await deadlocks();
  const calls = Array.from({ length: 8 }, () =>
    agents.flatMap(({ globalId }, i) => {
      const user = { id: globalId };
      const other = agents[(i + 1) % agents.length] ?? { globalId };
      const change = (mutation: string, input: object) => mutate(gateway, admin, mutation, input);
      return [
        () => router.reserve({ globalId }, { ttlSeconds: 1 }),
        () => router.reserveNext({ groupId, ttlSeconds: 1 }),
        () => change("updateUserSettings", { user, maxChats: 20 + i }),
        () =>
          change("setAgentAvailability", { user, availability: i ? "AVAILABLE" : "NOT_AVAILABLE" }),
        () => change("setStatus", { user: { id: other.globalId }, statusId: 1 }),
        () => change("heartbeat", { user }),
        () => change("removeAgent", { user, role: "AGENT" }),
        () => change("registerAgent", { user, role: "AGENT" }),
        () => change("updateUser", { user, active: i !== 1 }),
        () => change("updateUser", { user, active: true }),
      ];
    }),
  ).flat();
  const answers = await Promise.all(calls.map((call) => call()));
  const codes = new Set(answers.map(({ errors }) => errors?.[0]?.extensions.code ?? "OK"));
  for (const code of codes) expect(expectedCodes).toContain(code);
  expect(await deadlocks()).toBe(before);
  await eventually(async () => expect(await miscounted(gateway)).toEqual([]));
});

async function deadlocks(): Promise<number> {
  const [row] = await gateway.dataSource.query<[{ deadlocks: number }]>(
    `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
  );
  return row.deadlocks;
}
