import type { TestGateway } from "../../support/gateway.js";

/**
 * Moves all times of a user's presence into the past by this many hours. It is one statement, so that a sweep sees all
 * of the change or nothing.
 */
export async function letTimePass(
  { dataSource }: TestGateway,
  rocketChatId: string,
  hours: number,
): Promise<void> {
  const person = `user_id = (SELECT id FROM users WHERE rocket_chat_id = $1)`;
  const past = `make_interval(hours => $2)`;
  await dataSource.query(
    `WITH claims AS (
       UPDATE presence_claims SET set_at = set_at - ${past}, until = until - ${past} WHERE ${person}
     )
     UPDATE presences SET since = since - ${past}, changes_at = changes_at - ${past}, plan = (
       SELECT coalesce(jsonb_agg(step || jsonb_build_object(
         'at', (step->>'at')::timestamptz - ${past},
         'since', (step->>'since')::timestamptz - ${past})), '[]')
       FROM jsonb_array_elements(plan) step)
     WHERE ${person}`,
    [rocketChatId, hours],
  );
}
