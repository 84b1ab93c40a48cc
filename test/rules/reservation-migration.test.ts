import { DataSource } from "typeorm";
import { migrations } from "../../migrations/index.js";
import { createDataSource } from "../../src/database/connections/data-source.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import { createEmptyDatabase, createWorkerDatabase } from "../support/database.js";
import { miscounted } from "./reserving.js";

const OPTIONS = { poolMax: 2, statementTimeoutMs: 30_000 };

async function connect(url: string): Promise<DataSource> {
  const dataSource = createDataSource({ ...OPTIONS, url });
  return dataSource.initialize();
}

it("the migration counts the slots of reservations made before it", async () => {
  const url = await createEmptyDatabase(`rollcall_slots_${process.env.JEST_WORKER_ID}`);
  const before = migrations.findIndex(({ name }) => name.startsWith("CountOpenSlots"));
  const older = new DataSource({
    type: "postgres",
    url,
    migrations: migrations.slice(0, before),
    migrationsTableName: "schema_migrations",
  });
  await older.initialize();
  await older.runMigrations({ transaction: "each" });
  await older.query(`
    INSERT INTO users (id, username, jtel_uid, rocket_chat_id, active)
    SELECT n, 'u' || n, 'u' || n, lpad(n::text, 17, '0'), n <> 3 FROM generate_series(1, 5) n;
    INSERT INTO presences (user_id, status_id, source) SELECT id, 1, 'MANUAL' FROM users;
    INSERT INTO user_settings (user_id, max_chats) SELECT id, 4 FROM users;
    INSERT INTO agents (user_id, availability)
    VALUES (1, 'AVAILABLE'), (2, 'NOT_AVAILABLE'), (3, 'AVAILABLE'), (4, 'AVAILABLE');
    INSERT INTO reservations (user_id, channel, state, held_at, expires_at, fencing_token, reserved_by)
    SELECT u, 'livechat', state, timestamptz '2026-01-01' + token * interval '1 minute',
           CASE WHEN live THEN now() + interval '1 hour' ELSE timestamptz '2026-01-01' + token * interval '3 minutes' END,
           token, 'test'
    FROM (VALUES (1, 'RELEASED', 1, false), (1, 'ACCEPTED', 2, false), (1, 'HELD', 3, true), (1, 'HELD', 4, false),
                 (2, 'ACCEPTED', 7, false), (5, 'EXPIRED', 9, false)) AS r(u, state, token, live);
  `);
  await older.destroy();

  const dataSource = await connect(url);
  try {
    await dataSource.runMigrations({ transaction: "each" });
    const rows = await dataSource.query<object[]>(
      `SELECT user_id AS id, open_slots AS slots, last_fencing_token AS token,
              extract(epoch FROM last_reservation_at - timestamptz '2026-01-01')::int / 60 AS minutes
       FROM presences ORDER BY user_id`,
    );
    expect(rows).toEqual([
      { id: 1, slots: 2, token: 4, minutes: 4 },
      { id: 2, slots: 0, token: 7, minutes: 7 },
      { id: 3, slots: 0, token: 0, minutes: null },
      { id: 4, slots: 4, token: 0, minutes: null },
      { id: 5, slots: 0, token: 9, minutes: 27 },
    ]);
  } finally {
    await dataSource.destroy();
  }
});

it.each([
  ["the demo", (dataSource: DataSource) => seedDemo(dataSource)],
  ["the load data", (dataSource: DataSource) => seedLoad(dataSource, { users: 300, agents: 60 })],
])("%s has its slots and tokens counted", async (_, seed) => {
  const dataSource = await connect(await createWorkerDatabase());
  try {
    await seed(dataSource);
    expect(await miscounted({ dataSource })).toEqual([]);
    const [{ open }] = await dataSource.query<[{ open: number }]>(
      `SELECT count(*)::int AS open FROM presences WHERE open_slots > 0`,
    );
    expect(open).toBeGreaterThan(10);
  } finally {
    await dataSource.destroy();
  }
});
