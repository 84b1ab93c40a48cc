import type { DataSource, EntityManager } from "typeorm";
import { insertLoadCatalogues, insertLoadChoices } from "./load-choices.js";
import { insertLoadPresences } from "./load-presences.js";
import { insertLoadUsers } from "./load-users.js";

const BATCH = 10_000;

export interface LoadOptions {
  readonly users: number;
  readonly agents: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fills the database for load tests. All data follows from a user's number n, so that a test can predict
 * `load000123`; only times are relative to now.
 *
 * Continues where it was stopped. When all users exist, it does nothing.
 */
export async function seedLoad(
  dataSource: DataSource,
  { users, agents, onProgress }: LoadOptions,
): Promise<void> {
  let done = await lastNumber(dataSource);
  if (done >= users) return;
  await insertLoadCatalogues(dataSource.manager);
  while (done < users) {
    const batch = { from: done + 1, to: Math.min(done + BATCH, users), users, agents };
    await withoutStatementTimeout(dataSource, async (manager) => {
      await insertLoadUsers(manager, batch);
      await insertLoadPresences(manager);
      await insertLoadChoices(manager);
    });
    done = batch.to;
    onProgress?.(done, users);
  }
  await withoutStatementTimeout(dataSource, analyze);
}

async function lastNumber(dataSource: DataSource): Promise<number> {
  const rows: [{ n: number }] = await dataSource.query(
    `SELECT coalesce(max(right(username, 6)::integer), 0) AS n FROM users WHERE username ~ '^load[0-9]{6}$'`,
  );
  return rows[0].n;
}

/**
 * What autovacuum would do later. Until then the planner assumes empty tables, and searches read a pending
 * list.
 */
async function analyze(manager: EntityManager): Promise<void> {
  await manager.query(
    `SELECT gin_clean_pending_list(oid) FROM pg_class WHERE oid = to_regclass('users_search_idx')`,
  );
  await manager.query(`ANALYZE`);
}

/** Without the statement timeout, which is meant for requests. */
const withoutStatementTimeout = <Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> =>
  dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL statement_timeout = 0`);
    return work(manager);
  });
