import {
  getNamedType,
  getOperationAST,
  type GraphQLField,
  isInterfaceType,
  isLeafType,
  isObjectType,
  parse,
} from "graphql";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { Context } from "../../src/graphql/context.js";
import { createExecutor } from "../../src/graphql/execution/executor.js";
import { createLoaders } from "../../src/loaders/index.js";
import { schema } from "../graphql/admitting.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn } from "../support/given.js";
import { missingDeclaration, withTraps } from "./undeclared-columns.js";

let gateway: TestGateway;
/** The arguments of fields that require some, or return more objects with them. */
let args: Readonly<Record<string, string>>;
/** An id of each type that `node` finds. */
let nodeIds: Readonly<Record<string, string>>;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  const { services, dataSource } = gateway;
  const actor = system("given");
  const { user: signedIn } = await givenSignedIn(gateway, "ADMIN");
  const agent = await givenAgent(gateway);
  const user = { id: agent.globalId };
  await services.presence.setStatus(actor, { user, statusId: 1 });
  await services.agents.setAvailability(actor, { user, availability: "AVAILABLE" });
  const reservation = await services.reservations.reserve(actor, { user });
  await services.presence.lockStatus(actor, { user, statusId: 2, reason: "A lock" });
  await services.presence.heartbeat(actor, { user, lastView: { module: "support", view: "list" } });
  const statistic = { user, statistic: "calls", primaryOption: "today", secondaryOption: null };
  await services.statistics.add(actor, statistic);
  const key = { name: "key", owner: user };
  const { apiKey } = await services.apiKeys.create(actor, { ...key, permissions: ["ADMIN"] });
  const [row] = await dataSource.query<
    { group: number; campaign: number; campaignName: string; view: number }[]
  >(
    `SELECT (SELECT min(id) FROM groups) AS group, c.id AS campaign, c.name AS "campaignName",
            (SELECT min(id) FROM views) AS view FROM campaigns c LIMIT 1`,
  );
  if (!row) throw new Error("no catalogues");
  const campaign = row.campaignName;
  await services.campaignMemberships.setState(actor, { user, campaign, active: true });
  // A step of its plan is due, so the columns that follow from it are computed.
  await dataSource.query(
    `UPDATE presences SET changes_at = now() - interval '1 minute', plan = jsonb_build_array(jsonb_build_object(
       'at', now() - interval '1 minute', 'statusId', 3, 'source', 'MANUAL', 'since', now() - interval '1 minute'))
     WHERE user_id <> $1 AND plan = '[]'`,
    [agent.id],
  );
  nodeIds = {
    User: agent.globalId,
    Agent: toGlobalId("Agent", agent.id),
    Presence: toGlobalId("Presence", agent.id),
    Reservation: reservation.globalId,
    ApiKey: apiKey.globalId,
    Group: toGlobalId("Group", row.group),
    Campaign: toGlobalId("Campaign", row.campaign),
    View: toGlobalId("View", row.view),
  };
  args = {
    "Query.user": `(by: { id: "${agent.globalId}" })`,
    "Query.agent": `(by: { id: "${agent.globalId}" })`,
    "Query.sessions": `(by: { id: "${signedIn.globalId}" })`,
    "Query.users": "(first: 100)",
    "Query.agents": "(first: 100)",
    "Query.presences": "(first: 100)",
    "User.timeInStatus": `(since: "${new Date(Date.now() - 86_400_000).toISOString()}")`,
  };
});
afterAll(() => gateway.stop());

/** A field, and the selection around it that leads to its parents. */
interface Place {
  readonly parent: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly queryOf: (selection: string) => string;
}

/** Every field below the queries, once for each field that returns its type. */
function* places(): Generator<Place> {
  const visited = new Set<string>();
  const queue: [parent: string, queryOf: Place["queryOf"]][] = [
    ["Query", (selection) => `{ ${selection} }`],
  ];
  for (const [type, id] of Object.entries(nodeIds)) {
    queue.push([type, (selection) => `{ node(id: "${id}") { ... on ${type} { ${selection} } } }`]);
  }
  for (const [parent, queryOf] of queue) {
    const type = schema.getType(parent);
    if (!isObjectType(type)) throw new Error(`${parent} is no object type`);
    for (const field of Object.values(type.getFields())) {
      yield { parent, field, queryOf };
      const below = getNamedType(field.type);
      const coordinate = `${parent}.${field.name}`;
      if (isLeafType(below) || isInterfaceType(below) || visited.has(coordinate)) continue;
      visited.add(coordinate);
      const head = `${field.name}${args[coordinate] ?? ""}`;
      queue.push([below.name, (selection) => queryOf(`${head} { ${selection} }`)]);
    }
  }
}

/** How many objects a query found at the end of its only path. */
function objectsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + objectsIn(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  const [only] = Object.values(value) as unknown[];
  return typeof only === "object" ? objectsIn(only) : 1;
}

it("every field of the schema declares the columns that it reads", async () => {
  const execute = createExecutor(schema, { arePropertiesPlain: true });
  const loaders = createLoaders(gateway.services.reader);
  const run = (query: string) => {
    const document = parse(query);
    const operation = getOperationAST(document);
    if (!operation) throw new Error("no operation");
    const context = new Context(system("test"), gateway.services, loaders);
    return execute(document, operation, {}, context);
  };
  const missing = new Set<string>();
  const failed: string[] = [];
  const reached = new Set<string>();
  const all = new Set<string>();
  await withTraps(gateway.dataSource, async () => {
    for (const { parent, field, queryOf } of places()) {
      const coordinate = `${parent}.${field.name}`;
      if (coordinate === "Query.node" || coordinate === "Query.nodes") continue;
      const isLeaf = isLeafType(getNamedType(field.type));
      const head = `${field.name}${args[coordinate] ?? ""}`;
      const query = queryOf(isLeaf ? head : `${head} { __typename }`);
      const { errors } = await run(query);
      for (const error of errors) {
        const declaration = missingDeclaration(error, parent, field.name);
        // An error of a parent field, which has a test of its own.
        if (declaration && error.path?.at(-1) !== field.name) continue;
        if (declaration) missing.add(declaration);
        else failed.push(`${query}: ${error.message}`);
      }
      all.add(coordinate);
      if (parent === "Query") reached.add(coordinate);
      else {
        const { dataJson } = await run(queryOf("__typename"));
        if (objectsIn(JSON.parse(dataJson ?? "null")) > 0) reached.add(coordinate);
      }
    }
  });
  expect([...missing].sort()).toEqual([]);
  expect(failed).toEqual([]);
  expect([...all].filter((coordinate) => !reached.has(coordinate))).toEqual([]);
  expect(all.size).toBeGreaterThan(150);
});
