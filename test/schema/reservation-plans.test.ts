import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { Reservation } from "../../src/entities/reservation.entity.js";
import { planModes } from "../support/explain.js";
import { recordStatements } from "../support/record-sql.js";
import { type LoadDatabase, openLoadDatabase } from "./load-database.js";

const actor = system("explain");

let database: LoadDatabase;
/** The group with the fewest free agents, and the number of all free agents. */
let group: { id: number; members: number; free: number };
let free: number;

beforeAll(async () => {
  database = await openLoadDatabase();
  const { dataSource } = database;
  // A few expired holds and ended statuses: the sweeper leaves no more than that.
  await dataSource.query(`
    INSERT INTO reservations (user_id, channel, state, expires_at, fencing_token, reserved_by)
    SELECT user_id, 'phone', 'HELD', now(), 99, 'load' FROM agents WHERE user_id % 5000 = 10;
    UPDATE presences SET changes_at = now() + interval '1 day'
    WHERE changes_at <= now() AND user_id % 5000 <> 3;
    UPDATE presences SET last_fencing_token = 99;
    ANALYZE presences, reservations`);
  const [row] = await dataSource.query<(typeof group)[]>(`
    SELECT m.group_id AS id, count(*)::int AS members,
           (count(*) FILTER (WHERE p.status_id = 1 AND p.open_slots > 0))::int AS free
    FROM group_members m JOIN presences p USING (user_id) GROUP BY m.group_id ORDER BY free, id LIMIT 1`);
  group = row as typeof group;
  [{ free }] = await dataSource.query<[{ free: number }]>(
    `SELECT count(*)::int AS free FROM presences WHERE status_id = 1 AND open_slots > 0`,
  );
}, 240_000);
afterAll(() => database.close());

const smallTables = ["statuses", "groups"];

/** The statements that visit more rows than they may, or read a large table from end to end. */
async function excessesOf(work: () => Promise<unknown>, allowed: number): Promise<object[]> {
  const statements = await recordStatements(database.dataSource, work);
  const planned = statements.filter(({ text }) => /^\s*(SELECT|WITH|UPDATE)\b/.test(text));
  expect(planned.length).toBeGreaterThan(1);
  const excesses: object[] = [];
  for (const statement of planned) {
    for (const mode of planModes) {
      const { visited, scanned } = await database.explainer.explain(statement, mode);
      const inVain = scanned.filter((table) => !smallTables.includes(table));
      if (visited > allowed || inVain.length > 0) excesses.push({ visited, inVain, ...statement });
    }
  }
  return excesses;
}

const reserveNext = () => database.services.reservations.reserveNextAvailable(actor, {});
const reserve = (userId: number) =>
  database.services.reservations.reserve(actor, { user: { id: toGlobalId("User", userId) } });

/** The reservation of the first step. */
let held: Reservation;
const holder = () => ({ id: held.globalId, fencingToken: held.fencingToken });

it.each<[string, () => Promise<unknown>]>([
  ["the next available agent", async () => (held = await reserveNext())],
  ["a certain agent", () => reserve(held.userId)],
  ["accepting", () => database.services.reservations.accept(actor, holder())],
  ["releasing", () => database.services.reservations.release(actor, holder())],
  [
    "the end of an agent's role",
    () =>
      database.services.agents.remove(actor, {
        user: { id: toGlobalId("User", held.userId) },
        role: "AGENT",
      }),
  ],
  ["sweeping", () => database.services.reservations.expireDue()],
])("%s reads a few of many rows", async (_, work) => {
  expect(await excessesOf(work, 500)).toEqual([]);
});

it("the next agent of a group without free agents is searched without a sequential scan", async () => {
  await database.dataSource.query(
    `UPDATE presences SET open_slots = 0 WHERE user_id IN (SELECT user_id FROM group_members WHERE group_id = $1)`,
    [group.id],
  );
  const input = { groupId: toGlobalId("Group", group.id) };
  const ask = () =>
    expect(database.services.reservations.reserveNextAvailable(actor, input)).rejects.toMatchObject(
      { code: "NOT_AVAILABLE" },
    );
  // Each row counts in an index, in the table, and in the joined tables.
  expect(await excessesOf(ask, 500 + 4 * (group.members + free))).toEqual([]);
});
