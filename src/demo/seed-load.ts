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
 * Fills the database for load work. Everything follows from a person's number n, so that a test can tell
 * what `load000123` is like; only times count from now.
 *
 * Runs again where it was stopped; with all people there, it does nothing.
 */
export async function seedLoad(
  dataSource: DataSource,
  { users, agents, onProgress }: LoadOptions,
): Promise<void> {
  let done = await highestNumber(dataSource);
  if (done >= users) return;
  await insertLoadCatalogues(dataSource.manager);
  while (done < users) {
    const batch = { from: done + 1, to: Math.min(done + BATCH, users), users, agents };
    await unhurried(dataSource, async (manager) => {
      await insertLoadUsers(manager, batch);
      await insertLoadPresences(manager);
      await insertLoadChoices(manager);
    });
    done = batch.to;
    onProgress?.(done, users);
  }
  await unhurried(dataSource, catchUp);
}

async function highestNumber(dataSource: DataSource): Promise<number> {
  const rows: [{ n: number }] = await dataSource.query(
    `SELECT coalesce(max(right(username, 6)::integer), 0) AS n FROM users WHERE username ~ '^load[0-9]{6}$'`,
  );
  return rows[0].n;
}

/** What autovacuum would do later. Until then plans are made for empty tables, and searches read a backlog. */
async function catchUp(manager: EntityManager): Promise<void> {
  await manager.query(
    `SELECT gin_clean_pending_list(oid) FROM pg_class WHERE oid = to_regclass('users_search_idx')`,
  );
  await manager.query(`ANALYZE`);
}

/** The server's time limit is meant for requests. */
const unhurried = <Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> =>
  dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL statement_timeout = 0`);
    return work(manager);
  });
