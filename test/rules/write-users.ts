import type { DataSource } from "typeorm";
import type { GeneratedUser } from "./generated-users.js";

/** Of which generated users are members. */
export const GROUP_ID = 1;

/** Each inserts its part of $1, the users as JSON. */
const INSERTS = [
  `INSERT INTO users (id, username, rocket_chat_id, jtel_uid, active, firstname, lastname, created_at, updated_at)
   SELECT id, username, lpad(id::text, 17, 'G'), username, active, firstname, lastname, "createdAt", "createdAt"
   FROM jsonb_to_recordset($1) AS g(id int, username text, active boolean, firstname text, lastname text,
     "createdAt" timestamptz)`,
  `INSERT INTO user_settings (user_id, max_chats)
   SELECT id, "maxChats" FROM jsonb_to_recordset($1) AS g(id int, "maxChats" int)`,
  `INSERT INTO agents (user_id, availability)
   SELECT id, availability FROM jsonb_to_recordset($1) AS g(id int, availability text) WHERE availability IS NOT NULL`,
  `INSERT INTO presences (user_id, status_id, source, since, changes_at, plan, lease_until, open_slots, last_reservation_at)
   SELECT g.id, s."statusId", s.source, s.since, s."changesAt", s.plan, g.lease, g."openSlots", g."lastReservationAt"
   FROM jsonb_to_recordset($1) AS g(id int, presence jsonb, lease timestamptz, "openSlots" int,
     "lastReservationAt" timestamptz)
   CROSS JOIN LATERAL jsonb_to_record(g.presence) AS s("statusId" int, source text, since timestamptz,
     "changesAt" timestamptz, plan jsonb)`,
  `INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until)
   SELECT g.id, c.kind, c.source, c."statusId", c."setAt", c.until
   FROM jsonb_to_recordset($1) AS g(id int, claims jsonb) CROSS JOIN LATERAL jsonb_to_recordset(g.claims)
     AS c(kind text, source text, "statusId" int, "setAt" timestamptz, until timestamptz)`,
  `INSERT INTO reservations (user_id, channel, state, held_at, expires_at, fencing_token, reserved_by)
   SELECT g.id, 'phone', r.state, r."heldAt", r."expiresAt", row_number() OVER (PARTITION BY g.id), 'generated'
   FROM jsonb_to_recordset($1) AS g(id int, reservations jsonb) CROSS JOIN LATERAL
     jsonb_to_recordset(g.reservations) AS r(state text, "heldAt" timestamptz, "expiresAt" timestamptz)`,
  `INSERT INTO status_changes (user_id, from_status_id, to_status_id, source, cause, actor, door, changed_at)
   SELECT g.id, c.before, c.after, 'MANUAL', 'setStatus', 'generated', 'GRAPHQL', c.at
   FROM jsonb_to_recordset($1)
     AS g(id int, "firstStatusId" int, before jsonb, presence jsonb, "storedAt" timestamptz)
   CROSS JOIN LATERAL (VALUES
     (1, "firstStatusId", (g.before->>'statusId')::int, (g.before->>'since')::timestamptz),
     (2, (g.before->>'statusId')::int, (g.presence->>'statusId')::int, g."storedAt")) AS c(nth, before, after, at)
   ORDER BY c.nth`,
  `INSERT INTO group_members (group_id, user_id)
   SELECT ${GROUP_ID}, id FROM jsonb_to_recordset($1) AS g(id int, "isMember" boolean) WHERE "isMember"`,
];

/** Replaces all users of the database. */
export async function writeUsers(
  dataSource: DataSource,
  users: readonly GeneratedUser[],
  createdAt: Date,
): Promise<void> {
  const rows = JSON.stringify(users.map((user) => ({ ...user, createdAt })));
  await dataSource.transaction(async (manager) => {
    await manager.query(`DELETE FROM users`);
    await manager.query(
      `INSERT INTO groups (id, name) VALUES (${GROUP_ID}, 'Generated') ON CONFLICT DO NOTHING`,
    );
    for (const insert of INSERTS) await manager.query(insert, [rows]);
  });
}
