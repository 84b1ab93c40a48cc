import type { EntityManager } from "typeorm";
import { countOpenSlots } from "../count-open-slots.js";

/** Created once, before the users; each batch finds them by name. */
const CATALOGUES = [
  `INSERT INTO groups (name)
   SELECT 'Load group ' || lpad(i::text, 2, '0') FROM generate_series(1, 40) AS i
   ON CONFLICT DO NOTHING`,
  `INSERT INTO campaigns (name)
   SELECT 'load-campaign-' || lpad(i::text, 2, '0') FROM generate_series(1, 10) AS i
   ON CONFLICT DO NOTHING`,
  `INSERT INTO views (name)
   SELECT 'Load view ' || lpad(i::text, 2, '0') FROM generate_series(1, 12) AS i
   ON CONFLICT DO NOTHING`,
];

/** What the users of a batch have: up to three groups each; agents also two campaigns and two views. */
const CHOICES = [
  `INSERT INTO agents (user_id, availability, registered_at)
   SELECT user_id, CASE WHEN n % 50 = 0 THEN 'NOT_AVAILABLE' ELSE 'AVAILABLE' END,
          timestamptz '2024-01-01 00:00:00+00' + n * interval '1 minute'
   FROM load_users WHERE is_agent`,
  `INSERT INTO managers (user_id, registered_at)
   SELECT user_id, timestamptz '2024-01-01 00:00:00+00' + n * interval '1 minute'
   FROM load_users WHERE is_agent AND n % 500 = 0`,
  `INSERT INTO user_settings (user_id, max_chats, chat_sound_new_message, notify_on_ticket_assignment,
                              ticket_incognito_mode, calls_auto_answer, telephone_calls_forwarding,
                              use_web_mail, use_web_email)
   SELECT user_id, 1 + n % 6, n % 3 <> 0, n % 4 <> 0, n % 50 = 0, n % 7 = 0, n % 11 = 0, n % 2 = 0, n % 13 = 0
   FROM load_users`,
  // Multiples of 13 do not repeat modulo 40, so no user is in a group twice.
  `INSERT INTO group_members (group_id, user_id)
   SELECT groups.id, user_id
   FROM load_users
   CROSS JOIN LATERAL generate_series(0, n % 3) AS k
   JOIN groups ON groups.name = 'Load group ' || lpad((1 + (n / 3 + k * 13) % 40)::text, 2, '0')`,
  `INSERT INTO user_campaigns (user_id, campaign_id, active)
   SELECT user_id, campaigns.id, n / 5 % 3 <> k
   FROM load_users
   CROSS JOIN generate_series(0, 1) AS k
   JOIN campaigns ON campaigns.name = 'load-campaign-' || lpad((1 + (n / 5 + k * 3) % 10)::text, 2, '0')
   WHERE is_agent`,
  `INSERT INTO user_views (user_id, view_id, selected)
   SELECT user_id, views.id, n / 5 % 4 <> k
   FROM load_users
   CROSS JOIN generate_series(0, 1) AS k
   JOIN views ON views.name = 'Load view ' || lpad((1 + (n / 5 + k * 5) % 12)::text, 2, '0')
   WHERE is_agent`,
];

export async function insertLoadCatalogues(manager: EntityManager): Promise<void> {
  for (const statement of CATALOGUES) await manager.query(statement);
}

export async function insertLoadChoices(manager: EntityManager): Promise<void> {
  for (const statement of CHOICES) await manager.query(statement);
  await countOpenSlots(manager, "load_users");
}
