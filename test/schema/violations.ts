/**
 * Statements on the demo's rows. Each violates only the constraint or unique index that it is listed under.
 */
export const violations: Readonly<Record<string, readonly string[]>> = {
  agents_availability_check: [`UPDATE agents SET availability = 'SOMETIMES'`],
  api_keys_permissions_check: [
    `UPDATE api_keys SET permissions = '{ROOT}'`,
    `UPDATE api_keys SET permissions = '{USER_READ,NULL}'`,
  ],
  api_keys_secret_hash_key: [`UPDATE api_keys SET secret_hash = 'same'`],
  audit_records_actor_kind_check: [`UPDATE audit_records SET actor_kind = 'CRON'`],
  campaigns_name_check: [
    `UPDATE campaigns SET name = name || ' '`,
    `UPDATE campaigns SET name = ''`,
    `UPDATE campaigns SET name = name || E'\\n'`,
  ],
  campaigns_name_key: [
    `UPDATE campaigns SET name = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`,
  ],
  groups_name_key: [`UPDATE groups SET name = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`],
  login_sessions_token_hash_key: [`UPDATE login_sessions SET token_hash = 'same'`],
  presence_claims_kind_check: [
    `UPDATE presence_claims SET kind = 'CONNECTION', source = NULL, until = now()`,
  ],
  presence_claims_lock_key: [
    `UPDATE presence_claims SET kind = 'LOCK', source = NULL, user_id = (SELECT min(id) FROM users)`,
  ],
  presence_claims_source_check: [
    `UPDATE presence_claims SET kind = 'EXTERNAL', source = NULL, until = now()`,
    `UPDATE presence_claims SET kind = 'INTERNAL', source = NULL, until = now()`,
    `UPDATE presence_claims SET kind = 'MANUAL', source = 'calendar'`,
    `UPDATE presence_claims SET kind = 'LOCK', source = id::text`,
  ],
  presence_claims_source_key: [
    `UPDATE presence_claims SET kind = 'EXTERNAL', source = 'calendar', until = now(), user_id = (SELECT min(id) FROM users)`,
  ],
  presence_claims_until_check: [
    `UPDATE presence_claims SET kind = 'EXTERNAL', source = id::text, until = NULL`,
    `UPDATE presence_claims SET kind = 'INTERNAL', source = id::text, until = NULL`,
  ],
  presences_last_fencing_token_check: [`UPDATE presences SET last_fencing_token = -1`],
  presences_last_view_check: [
    `UPDATE presences SET last_view_module = 'support', last_view_name = NULL`,
    `UPDATE presences SET last_view_module = NULL, last_view_name = 'getticket'`,
  ],
  presences_open_slots_check: [`UPDATE presences SET open_slots = -1`],
  presences_plan_check: [
    `UPDATE presences SET changes_at = now(), plan = '[]'`,
    `UPDATE presences SET changes_at = NULL, plan = '[{}]'`,
  ],
  presences_source_check: [`UPDATE presences SET source = 'GUESS'`],
  presences_telephone_status_check: [`UPDATE presences SET telephone_status = 'ON_HOLD'`],
  reservations_fencing_token_check: [`UPDATE reservations SET fencing_token = 0`],
  reservations_fencing_token_key: [
    `UPDATE reservations SET fencing_token = 1, user_id = (SELECT min(id) FROM users)`,
  ],
  reservations_state_check: [`UPDATE reservations SET state = 'LOST'`],
  retired_api_key_secrets_secret_hash_key: [
    `UPDATE retired_api_key_secrets SET secret_hash = 'same'`,
  ],
  statuses_class_check: [`UPDATE statuses SET class = 'ASLEEP'`],
  statuses_color_check: [
    `UPDATE statuses SET color = 'red'`,
    `UPDATE statuses SET color = '#12345'`,
    `UPDATE statuses SET color = '#1234567'`,
  ],
  statuses_name_key: [`UPDATE statuses SET name = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`],
  user_settings_max_chats_check: [
    `UPDATE user_settings SET max_chats = -1`,
    `UPDATE user_settings SET max_chats = 1001`,
  ],
  users_clientexec_id_key: [`UPDATE users SET clientexec_id = 1`],
  users_email_key: [
    `UPDATE users SET email = CASE id % 2 WHEN 0 THEN 'Same@example.com' ELSE 'same@example.com' END`,
  ],
  users_jtel_id_key: [`UPDATE users SET jtel_id = 1`],
  users_jtel_uid_key: [
    `UPDATE users SET jtel_uid = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`,
  ],
  users_kind_check: [`UPDATE users SET kind = 'ROBOT'`],
  users_omnidesk_id_key: [`UPDATE users SET omnidesk_id = 1`],
  users_imported_from_check: [
    `UPDATE users SET imported_from = '{NOWHERE}'`,
    `UPDATE users SET imported_from = '{JTEL,NULL}'`,
  ],
  users_permissions_check: [
    `UPDATE users SET permissions = '{ROOT}'`,
    `UPDATE users SET permissions = '{USER_READ,NULL}'`,
  ],
  users_rocket_chat_id_check: [
    `UPDATE users SET rocket_chat_id = left(rocket_chat_id, 16)`,
    `UPDATE users SET rocket_chat_id = rocket_chat_id || 'x'`,
    `UPDATE users SET rocket_chat_id = left(rocket_chat_id, 16) || '-'`,
  ],
  users_rocket_chat_id_key: [`UPDATE users SET rocket_chat_id = 'Same0Same0Same0Sa'`],
  users_telephone_check: [
    `UPDATE users SET telephone = '0201234567'`,
    `UPDATE users SET telephone = '+0201234567'`,
    `UPDATE users SET telephone = '+31 20 1234567'`,
    `UPDATE users SET telephone = '+1234567890123456'`,
  ],
  users_username_key: [
    `UPDATE users SET username = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`,
  ],
  users_version_check: [`UPDATE users SET version = 0`],
  views_name_key: [`UPDATE views SET name = CASE id % 2 WHEN 0 THEN 'Same' ELSE 'same' END`],
};

/** Statements at the edge of what is allowed. */
export const harmless: readonly string[] = [
  `UPDATE users SET email = NULL, telephone = NULL, permissions = '{}'`,
  `UPDATE users SET telephone = '+123456789012345'`,
  `UPDATE user_settings SET max_chats = 0`,
  `UPDATE user_settings SET max_chats = 1000`,
  `UPDATE presence_claims SET kind = 'MANUAL', source = NULL, until = NULL, user_id = (SELECT min(id) FROM users)`,
  `UPDATE presence_claims SET kind = 'EXTERNAL', source = id::text, until = now(), user_id = (SELECT min(id) FROM users)`,
];
