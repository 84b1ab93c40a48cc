import type { ImportDirectory, ImportedUser } from "../../../domain/import-directory.js";
import { OFFLINE_STATUS_ID } from "../../../domain/status.js";
import { toGlobalId } from "../../../domain/global-id.js";
import type { LivechatRole } from "../../../domain/vocabulary.js";
import type { Change } from "../../../database/changes/change.js";
import { freeNumbers } from "../external-ids.js";
import { recountOpenSlots } from "../../agents/capacity.js";
import { newRocketChatId } from "../../credentials/secrets.js";

/** Generates the missing ids of users that are new or have given theirs up. */
export async function generateMissingIds(
  change: Change,
  users: readonly ImportedUser[],
  directory: ImportDirectory,
): Promise<void> {
  for (const [system, column] of [
    ["CLIENTEXEC", "clientexec_id"],
    ["JTEL", "jtel_id"],
    ["OMNIDESK", "omnidesk_id"],
  ] as const) {
    const missing = users.filter(({ ids }) => ids[system] === undefined);
    const taken = users.flatMap(({ ids }) => ids[system] ?? []);
    const numbers = await freeNumbers(change, column, missing.length, taken);
    missing.forEach((user, i) => (user.ids[system] = String(numbers[i])));
  }
  for (const user of users) {
    user.ids.ROCKET_CHAT ??= newRocketChatId();
    if (user.jtelUid !== undefined) continue;
    const isFree = directory.findByUid(user.username) === undefined;
    const suffix = `-${newRocketChatId().slice(0, 6)}`;
    directory.setUid(user, isFree ? user.username : `${user.username}${suffix}`);
  }
}

const valuesOf = (user: ImportedUser) => ({
  username: user.username,
  firstname: user.firstname,
  lastname: user.lastname,
  email: user.email,
  telephone: user.telephone,
  language: user.language,
  date_format: user.dateFormat,
  active: user.active,
  clientexec_id: user.ids.CLIENTEXEC,
  rocket_chat_id: user.ids.ROCKET_CHAT,
  jtel_id: user.ids.JTEL,
  jtel_uid: user.jtelUid,
  omnidesk_id: user.ids.OMNIDESK,
  imported_from: [...user.importedFrom],
});

const RECORD = `x(username text, firstname text, lastname text, email text, telephone text, language text, date_format text,
  active boolean, kind text, clientexec_id bigint, rocket_chat_id text, jtel_id integer, jtel_uid text,
  omnidesk_id integer, imported_from text[])`;

const COLUMNS = `username, firstname, lastname, email, telephone, language, date_format, active, kind,
  clientexec_id, rocket_chat_id, jtel_id, jtel_uid, omnidesk_id, imported_from`;

/** Inserts new users with their presence and settings, and sets their keys. */
export async function insertUsers(
  change: Change,
  created: readonly { user: ImportedUser; kind: string }[],
): Promise<void> {
  if (created.length === 0) return;
  const rows = created.map(({ user, kind }) => ({ ...valuesOf(user), kind }));
  const inserted = await change.query<{ id: number; username: string }>(
    `INSERT INTO users (${COLUMNS}) SELECT ${COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS ${RECORD}
     RETURNING id, username`,
    [JSON.stringify(rows)],
  );
  const keys = new Map(inserted.map(({ id, username }) => [username, id]));
  for (const { user } of created) user.key = keys.get(user.username) ?? null;
  const ids = inserted.map(({ id }) => id);
  change.write(
    `INSERT INTO presences (user_id, status_id, source) SELECT id, $2, 'CONNECTION' FROM unnest($1::integer[]) AS id`,
    [ids, OFFLINE_STATUS_ID],
  );
  change.write(`INSERT INTO user_settings (user_id) SELECT id FROM unnest($1::integer[]) AS id`, [
    ids,
  ]);
}

/** To be called in the order of the decisions: a user may take a value that the one before gave up. */
export function updateUser(change: Change, user: ImportedUser): void {
  const v = valuesOf(user);
  change.write(
    `UPDATE users SET firstname = $2, lastname = $3, email = $4,
       email_verified = email_verified AND email IS NOT DISTINCT FROM $4, telephone = $5, language = $6,
       date_format = $7, clientexec_id = $8, rocket_chat_id = $9, jtel_id = $10, jtel_uid = $11,
       omnidesk_id = $12, imported_from = $13, version = version + 1, updated_at = now()
     WHERE id = $1`,
    [
      user.key,
      v.firstname,
      v.lastname,
      v.email,
      v.telephone,
      v.language,
      v.date_format,
      v.clientexec_id,
      v.rocket_chat_id,
      v.jtel_id,
      v.jtel_uid,
      v.omnidesk_id,
      v.imported_from,
    ],
  );
}

/** Writes the new ids of a displaced user before anything else, so that the old ones are free. */
export function updateDisplaced(change: Change, user: ImportedUser): void {
  change.write(
    `UPDATE users SET clientexec_id = $2, rocket_chat_id = $3, jtel_id = $4, jtel_uid = $5, omnidesk_id = $6,
       version = version + 1, updated_at = now()
     WHERE id = $1`,
    [
      user.key,
      user.ids.CLIENTEXEC,
      user.ids.ROCKET_CHAT,
      user.ids.JTEL,
      user.jtelUid,
      user.ids.OMNIDESK,
    ],
  );
}

const roleTables = { AGENT: "agents", MANAGER: "managers" } as const;

/** Grants the roles of an import; never removes one. */
export async function grantRoles(change: Change, users: readonly ImportedUser[]): Promise<void> {
  for (const role of Object.keys(roleTables) as LivechatRole[]) {
    const ids = users.flatMap(({ key, roles }) =>
      key !== null && roles.includes(role) ? [key] : [],
    );
    if (ids.length === 0) continue;
    const given = await change.query<{ userId: number }>(
      `INSERT INTO ${roleTables[role]} (user_id) SELECT id FROM unnest($1::integer[]) AS id
       ON CONFLICT DO NOTHING RETURNING user_id AS "userId"`,
      [ids],
    );
    if (role !== "AGENT" || given.length === 0) continue;
    const keys = given.map(({ userId }) => userId);
    await change.query(
      `SELECT 1 FROM presences WHERE user_id = ANY ($1::integer[]) ORDER BY user_id FOR UPDATE`,
      [keys],
    );
    await recountOpenSlots(change, given);
  }
}

export const globalIdOf = ({ key }: ImportedUser): string | null =>
  key === null ? null : toGlobalId("User", key);
