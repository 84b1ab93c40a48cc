import type { Client } from "pg";
import type { User } from "../../src/entities/user.entity.js";

/** The rows that changes of a user's presence have written, oldest first. */
export async function writtenOf(database: Client, { id, globalId }: User) {
  const audits = await database.query<{ actor: string; requestId: string; transaction: string }>(
    `SELECT actor, request_id AS "requestId", xmin::text AS transaction FROM audit_records
     WHERE target_id = $1 AND action <> 'createUser' ORDER BY id`,
    [globalId],
  );
  const history = await database.query<{ actor: string; door: string; to: number }>(
    `SELECT actor, door, to_status_id AS to FROM status_changes WHERE user_id = $1 ORDER BY id`,
    [id],
  );
  const events = await database.query<{ to: number; cause: string }>(
    `SELECT (payload->>'to')::int AS to, payload->>'cause' AS cause FROM events
     WHERE subject = $1 AND topic = 'presenceChanged' ORDER BY id`,
    [globalId],
  );
  return { audits: audits.rows, history: history.rows, events: events.rows };
}
