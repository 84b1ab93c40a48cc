import type { ImportDirectory, ImportedUser } from "../../../domain/import-directory.js";
import { OFFLINE_STATUS_ID } from "../../../domain/status.js";
import { toGlobalId } from "../../../domain/global-id.js";
import type { LivechatRole } from "../../../domain/vocabulary.js";
import type { Change } from "../../../database/change.js";
import { freeNumbers } from "../external-ids.js";
import { recountOpenSlots } from "../../agents/capacity.js";
import { newRocketChatId } from "../../credentials/secrets.js";

/** Whoever lacks an id, since they are new or have given theirs up, gets one that is made here. */
export async function fillIds(
  change: Change,
  people: readonly ImportedUser[],
  directory: ImportDirectory,
): Promise<void> {
  for (const [system, column] of [
    ["CLIENTEXEC", "clientexec_id"],
    ["JTEL", "jtel_id"],
    ["OMNIDESK", "omnidesk_id"],
  ] as const) {
    const lacking = people.filter(({ ids }) => ids[system] === undefined);
    const taken = people.flatMap(({ ids }) => ids[system] ?? []);
    const numbers = await freeNumbers(change, column, lacking.length, taken);
    lacking.forEach((person, i) => (person.ids[system] = String(numbers[i])));
  }
  for (const person of people) {
    person.ids.ROCKET_CHAT ??= newRocketChatId();
    if (person.jtelUid !== undefined) continue;
    const isFree = directory.holderOfUid(person.username) === undefined;
    const suffix = `-${newRocketChatId().slice(0, 6)}`;
    directory.giveUid(person, isFree ? person.username : `${person.username}${suffix}`);
  }
}

const valuesOf = (person: ImportedUser) => ({
  username: person.username,
  firstname: person.firstname,
  lastname: person.lastname,
  email: person.email,
  telephone: person.telephone,
  language: person.language,
  date_format: person.dateFormat,
  active: person.active,
  clientexec_id: person.ids.CLIENTEXEC,
  rocket_chat_id: person.ids.ROCKET_CHAT,
  jtel_id: person.ids.JTEL,
  jtel_uid: person.jtelUid,
  omnidesk_id: person.ids.OMNIDESK,
  imported_from: [...person.importedFrom],
});

const RECORD = `x(username text, firstname text, lastname text, email text, telephone text, language text, date_format text,
  active boolean, kind text, clientexec_id bigint, rocket_chat_id text, jtel_id integer, jtel_uid text,
  omnidesk_id integer, imported_from text[])`;

const COLUMNS = `username, firstname, lastname, email, telephone, language, date_format, active, kind,
  clientexec_id, rocket_chat_id, jtel_id, jtel_uid, omnidesk_id, imported_from`;

/** New people, with the presence and the settings that everybody has; from then on they have keys. */
export async function insertUsers(
  change: Change,
  created: readonly { person: ImportedUser; kind: string }[],
): Promise<void> {
  if (created.length === 0) return;
  const rows = created.map(({ person, kind }) => ({ ...valuesOf(person), kind }));
  const inserted = await change.query<{ id: number; username: string }>(
    `INSERT INTO users (${COLUMNS}) SELECT ${COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS ${RECORD}
     RETURNING id, username`,
    [JSON.stringify(rows)],
  );
  const keys = new Map(inserted.map(({ id, username }) => [username, id]));
  for (const { person } of created) person.key = keys.get(person.username) ?? null;
  const ids = inserted.map(({ id }) => id);
  change.write(
    `INSERT INTO presences (user_id, status_id, source) SELECT id, $2, 'CONNECTION' FROM unnest($1::integer[]) AS id`,
    [ids, OFFLINE_STATUS_ID],
  );
  change.write(`INSERT INTO user_settings (user_id) SELECT id FROM unnest($1::integer[]) AS id`, [
    ids,
  ]);
}

/** One after the other, as it was decided: what one gives up the next may take. */
export function updateUser(change: Change, person: ImportedUser): void {
  const v = valuesOf(person);
  change.write(
    `UPDATE users SET firstname = $2, lastname = $3, email = $4,
       email_verified = email_verified AND email IS NOT DISTINCT FROM $4, telephone = $5, language = $6,
       date_format = $7, clientexec_id = $8, rocket_chat_id = $9, jtel_id = $10, jtel_uid = $11,
       omnidesk_id = $12, imported_from = $13, version = version + 1, updated_at = now()
     WHERE id = $1`,
    [
      person.key,
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

/** Whoever gives an id up gets the new one first, so that the old one is free. */
export function giveWay(change: Change, person: ImportedUser): void {
  change.write(
    `UPDATE users SET clientexec_id = $2, rocket_chat_id = $3, jtel_id = $4, jtel_uid = $5, omnidesk_id = $6,
       version = version + 1, updated_at = now()
     WHERE id = $1`,
    [
      person.key,
      person.ids.CLIENTEXEC,
      person.ids.ROCKET_CHAT,
      person.ids.JTEL,
      person.jtelUid,
      person.ids.OMNIDESK,
    ],
  );
}

const roleTables = { AGENT: "agents", MANAGER: "managers" } as const;

/** The roles of an import are given, and none is taken away. */
export async function giveRoles(change: Change, people: readonly ImportedUser[]): Promise<void> {
  for (const role of Object.keys(roleTables) as LivechatRole[]) {
    const ids = people.flatMap(({ key, roles }) =>
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

export const importedId = ({ key }: ImportedUser): string | null =>
  key === null ? null : toGlobalId("User", key);
