import { eventually } from "./eventually.js";
import type { TestGateway } from "./gateway.js";

/** Cancels the first statement that waits for a lock, as Postgres does after the statement timeout. */
export const cancelBlocked = ({ dataSource }: Pick<TestGateway, "dataSource">): Promise<void> =>
  eventually(async () => {
    const cancelled = await dataSource.query<unknown[]>(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(cancelled).not.toEqual([]);
  });
