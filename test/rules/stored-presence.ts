import type { User } from "../../src/entities/user.entity.js";
import type { TestGateway } from "../support/gateway.js";

/** Every row that is about a person's presence: equal when nothing was changed in between. */
export async function storedPresence(
  { dataSource }: TestGateway,
  { id, globalId }: User,
): Promise<object> {
  const [stored] = await dataSource.query<object[]>(
    `SELECT (SELECT to_jsonb(p) FROM presences p WHERE user_id = $1) AS presence,
            (SELECT jsonb_agg(c ORDER BY c.id) FROM presence_claims c WHERE user_id = $1) AS claims,
            (SELECT jsonb_agg(h ORDER BY h.id) FROM status_changes h WHERE user_id = $1) AS history,
            (SELECT jsonb_agg(a ORDER BY a.id) FROM audit_records a WHERE target_id = $2) AS audit,
            (SELECT jsonb_agg(e ORDER BY e.id) FROM events e WHERE subject = $2) AS events`,
    [id, globalId],
  );
  if (!stored) throw new Error("a SELECT without FROM has one row");
  return stored;
}
