import { system } from "../../src/domain/actor.js";
import * as vocabulary from "../../src/domain/vocabulary.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn } from "../support/given.js";
import { type Constraint, readConstraints, readIndexes } from "./catalog.js";
import { harmless, violations } from "./violations.js";

let gateway: TestGateway;
let constraints: Constraint[];

beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  for (let time = 0; time < 2; time += 1) {
    await gateway.givenKey("USER_READ");
    await givenSignedIn(gateway);
  }
  const refresh = `mutation { refreshTab(input: { tabId: "tab_1" }) { tabId } }`;
  const admin = await gateway.givenKey("ADMIN");
  await gateway.ask(admin, refresh, undefined, { "idempotency-key": "once" });
  const made = await gateway.services.apiKeys.list(system("given"));
  for (const { globalId } of made.slice(-2)) {
    await gateway.services.apiKeys.rotate(system("given"), { id: globalId, overlapSeconds: 60 });
  }
  await gateway.services.counters.add([["something"]], 1, 600);
  constraints = await readConstraints(gateway.dataSource);
});

afterAll(() => gateway.stop());

/** @returns the name of the violated constraint; null when the statement succeeds */
async function refusedFor(statement: string): Promise<string | null> {
  const runner = gateway.dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(statement);
    return null;
  } catch (error) {
    const { driverError } = error as { driverError?: { constraint?: string } };
    if (driverError?.constraint === undefined) throw error;
    return driverError.constraint;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

it("every CHECK and unique constraint has a case", async () => {
  const unique = (await readIndexes(gateway.dataSource)).filter(({ isUnique }) => isUnique);
  const there = [...constraints.filter(({ type }) => type === "c" || type === "u"), ...unique];
  expect(Object.keys(violations).sort()).toEqual(there.map(({ name }) => name).sort());
});

it.each(
  Object.entries(violations).flatMap(([name, statements]) =>
    statements.map((statement) => [name, statement] as const),
  ),
)("%s rejects %s", async (name, statement) => {
  expect(await refusedFor(statement)).toBe(name);
});

it.each(harmless)("%s is accepted", async (statement) => {
  expect(await refusedFor(statement)).toBeNull();
});

it("every reference is a foreign key", async () => {
  const references = constraints.filter(({ type }) => type === "f");
  expect(references.length).toBeGreaterThan(15);
  for (const { name, table, columns } of references) {
    const oneRow = `ctid = (SELECT ctid FROM ${table} ORDER BY ${columns[0]} DESC LIMIT 1)`;
    expect(await refusedFor(`UPDATE ${table} SET ${columns[0]} = -1 WHERE ${oneRow}`)).toBe(name);
  }
});

it("every primary key is unique", async () => {
  const keys = constraints.filter(({ type }) => type === "p");
  expect(keys.length).toBeGreaterThan(15);
  for (const { name, table } of keys) {
    expect(await refusedFor(`INSERT INTO ${table} SELECT * FROM ${table} LIMIT 1`)).toBe(name);
  }
});

it("the values of every enum column equal the vocabulary", () => {
  const words: Record<string, readonly string[]> = {
    agents_availability_check: vocabulary.availabilities,
    api_keys_permissions_check: vocabulary.permissions,
    audit_records_actor_kind_check: vocabulary.actorKinds,
    presence_claims_kind_check: vocabulary.claimKinds,
    presences_source_check: vocabulary.presenceSources,
    presences_telephone_status_check: vocabulary.telephoneStatuses,
    reservations_state_check: vocabulary.reservationStates,
    statuses_class_check: vocabulary.statusClasses,
    users_imported_from_check: vocabulary.externalSystems,
    users_kind_check: vocabulary.userKinds,
    users_permissions_check: vocabulary.permissions,
  };
  const lists = constraints.flatMap(({ name, definition }) => {
    const list = /^CHECK \(\(\w+ (?:= ANY \(|<@ )ARRAY\[([^\]]*)\]\)*$/.exec(definition)?.[1];
    return list === undefined ? [] : [[name, list.match(/\w+(?='::text)/g)] as const];
  });
  expect(Object.fromEntries(lists)).toEqual(words);
});
