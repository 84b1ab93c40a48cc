import type { TestGateway } from "../../support/gateway.js";

/**
 * Makes everything about a person's presence as long ago as if so many hours had passed. All in one statement: the gateway,
 * which settles what runs out, sees all of it or nothing.
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
