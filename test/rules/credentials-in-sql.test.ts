import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import * as credentialSql from "../../src/services/credentials/credential-sql.js";
import { createWorkerDatabase } from "../support/database.js";

let dataSource: DataSource;

beforeAll(async () => {
  const url = await createWorkerDatabase();
  dataSource = createDataSource({ url, poolMax: 1, statementTimeoutMs: 40_000 });
  await dataSource.initialize();
});
afterAll(() => dataSource.destroy());

const NOW = "timestamptz '2030-01-01 12:00Z'";
const [EARLIER, NOON, LATER] = [
  "2030-01-01 11:59:59.999Z",
  "2030-01-01 12:00Z",
  "2030-01-01 12:00:00.001Z",
];

/** @returns the value of the condition for a row `c` with these columns */
async function holdsFor(condition: string, columns: Record<string, unknown>): Promise<boolean> {
  const [row] = await dataSource.query<[{ holds: boolean }]>(
    `SELECT ${condition} AS holds FROM jsonb_to_record($1)
     AS c(id int, active boolean, revoked_at timestamptz, expires_at timestamptz, last_used_at timestamptz)`,
    [JSON.stringify(columns)],
  );
  return row.holds;
}

it.each([
  [null, null, true],
  [null, LATER, true],
  [null, NOON, false],
  [null, EARLIER, false],
  [EARLIER, null, false],
  [EARLIER, LATER, false],
])(
  "an API key revoked at %s that expires at %s is valid at noon: %s",
  async (revoked_at, expires_at, isValid) => {
    const condition = credentialSql.isValidKey("c", NOW);
    expect(await holdsFor(condition, { revoked_at, expires_at })).toBe(isValid);
  },
);

it.each([
  [null, LATER, true],
  [null, NOON, false],
  [null, EARLIER, false],
  [EARLIER, LATER, false],
])(
  "a session revoked at %s that expires at %s is valid at noon: %s",
  async (revoked_at, expires_at, isValid) => {
    const condition = credentialSql.isValidSession("c", NOW);
    expect(await holdsFor(condition, { revoked_at, expires_at })).toBe(isValid);
  },
);

it.each([
  [LATER, true],
  [NOON, false],
  [EARLIER, false],
])("a former secret that expires at %s is valid at noon: %s", async (expires_at, isValid) => {
  const condition = credentialSql.isValidRetiredSecret("c", NOW);
  expect(await holdsFor(condition, { expires_at })).toBe(isValid);
});

it.each([
  ["no owner", true, {}],
  ["an active owner", true, { id: 7, active: true }],
  ["a deactivated owner", false, { id: 7, active: false }],
])("an API key with %s is valid: %s", async (_, isValid, owner) => {
  expect(await holdsFor(credentialSql.isActiveOwner("c"), owner)).toBe(isValid);
});

it.each([
  [null, true],
  ["2030-01-01 11:58:59.999Z", true],
  ["2030-01-01 11:59Z", false],
  [NOON, false],
])("a use after the one at %s is noted at noon: %s", async (last_used_at, isStale) => {
  const condition = credentialSql.isUseStale("c", NOW);
  expect(await holdsFor(condition, { last_used_at })).toBe(isStale);
});
