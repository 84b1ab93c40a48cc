import { Pool } from "pg";
import { loadConfig } from "../src/config/schema.js";
import { createDataSource } from "../src/database/connections/data-source.js";
import { toGlobalId } from "../src/domain/global-id.js";
import { PostgresNotifier } from "../src/outbox/notifier.js";
import { createLogger } from "../src/observability/logging/logger.js";
import { Reader } from "../src/database/reader.js";
import { machineNow } from "./live-fleet.js";

/** All rows that a status change writes, in one statement: the benchmark measures the delivery of events. */
const CHANGE = `
  WITH changed AS (
    UPDATE presences SET status_id = 3 - status_id, since = now() WHERE user_id = $1 RETURNING status_id
  ), history AS (
    INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door)
    SELECT $1, now(), 3 - status_id, status_id, 'MANUAL', $3, 'bench', 'SYSTEM' FROM changed
  ), audited AS (
    INSERT INTO audit_records (actor_kind, actor, door, request_id, action, target_type, target_id)
    VALUES ('SYSTEM', 'bench', 'SYSTEM', 'bench', 'setStatus', 'User', $2)
  )
  INSERT INTO events (topic, subject, payload)
  SELECT 'presenceChanged', $2, jsonb_build_object('at', now(), 'from', 3 - status_id, 'to', status_id,
    'online', '[true,true]'::jsonb, 'locked', '[false,false]'::jsonb, 'cause', $3::text)
  FROM changed`;

export interface Writer {
  /** Changes one user after the other. @returns the time of each commit, by its cause */
  readonly change: (causes: readonly string[], perSecond: number) => Promise<Map<string, number>>;
  readonly close: () => Promise<void>;
}

/** Writes changes as another process of the gateway would, with the same notifications. */
export async function openWriter(url: string): Promise<Writer> {
  const pool = new Pool({ connectionString: url, max: 8 });
  const config = loadConfig({ DATABASE_URL: url });
  const dataSource = createDataSource({ ...config.database, url });
  await dataSource.initialize();
  const reader = new Reader(dataSource, config.longLists);
  const notifier = new PostgresNotifier(url, reader, createLogger("silent"));
  const { rows } = await pool.query<{ id: number }>(
    `SELECT user_id AS id FROM presences WHERE status_id IN (1, 2)`,
  );
  let next = 0;
  const changeOne = async (cause: string): Promise<number> => {
    const { id } = rows[next++ % rows.length] as { id: number };
    await pool.query({ name: "change", text: CHANGE, values: [id, toGlobalId("User", id), cause] });
    notifier.notify();
    return machineNow();
  };
  return {
    change: async (causes, perSecond) => {
      const committedAt = new Map<string, number>();
      const startedAt = machineNow();
      const changes: Promise<void>[] = [];
      for (let i = 0; i < causes.length;) {
        const due = Math.min(causes.length, ((machineNow() - startedAt) / 1000) * perSecond + 1);
        for (; i < due; i += 1) {
          const cause = causes[i] as string;
          changes.push(changeOne(cause).then((at) => void committedAt.set(cause, at)));
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await Promise.all(changes);
      return committedAt;
    },
    close: async () => {
      await notifier.close();
      await dataSource.destroy();
      await pool.end();
    },
  };
}
