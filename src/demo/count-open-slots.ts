import type { EntityManager } from "typeorm";
import type { Queries } from "../database/queries.js";
import { recountOpenSlots } from "../services/agents/capacity.js";

/**
 * Updates the columns of presences that depend on reservations and roles, once all of these are inserted.
 *
 * @param userTable a table with the `user_id` of the users to update
 */
export async function countOpenSlots(manager: EntityManager, userTable = "agents"): Promise<void> {
  const queries: Pick<Queries, "query"> = {
    query: <Raw extends object>(sql: string, values: readonly unknown[] = []) =>
      manager.query<Raw[]>(sql, [...values]),
  };
  await queries.query(`
    UPDATE presences p SET last_fencing_token = r.last_token, last_reservation_at = r.last_at
    FROM (SELECT user_id, max(fencing_token) AS last_token,
                 max(CASE state WHEN 'EXPIRED' THEN expires_at ELSE held_at END) AS last_at
          FROM reservations WHERE user_id IN (SELECT user_id FROM ${userTable}) GROUP BY user_id) AS r
    WHERE r.user_id = p.user_id`);
  const agents = await queries.query<{ userId: number }>(
    `SELECT user_id AS "userId" FROM agents WHERE user_id IN (SELECT user_id FROM ${userTable})`,
  );
  await recountOpenSlots(queries, agents);
}
