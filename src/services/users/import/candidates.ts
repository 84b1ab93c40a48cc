import type { ImportedUser } from "../../../domain/import-directory.js";
import type { ImportRow } from "../../../domain/user-import.js";
import type { ExternalSystem, LivechatRole } from "../../../domain/vocabulary.js";
import type { Change } from "../../../database/changes/change.js";

interface CandidateRow {
  readonly key: number;
  readonly username: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly email: string | null;
  readonly telephone: string | null;
  readonly language: string;
  readonly dateFormat: string;
  readonly active: boolean;
  readonly roles: LivechatRole[];
  readonly clientexecId: string;
  readonly rocketChatId: string;
  readonly jtelId: string;
  readonly jtelUid: string;
  readonly omnideskId: string;
  readonly importedFrom: ExternalSystem[];
}

/** Folds the case in Postgres, as the unique indexes do. */
const foldedIn = (parameter: string): string =>
  `ANY (ARRAY(SELECT lower(word) FROM unnest(${parameter}::text[]) AS word))`;

/** The users that the rows can mean or would take ids from, locked in the order of their keys until the change ends. */
export async function lockCandidates(
  change: Change,
  rows: readonly ImportRow[],
): Promise<ImportedUser[]> {
  const texts = (of: (row: ImportRow) => string | null | undefined) =>
    rows.map(of).filter((text): text is string => typeof text === "string" && text !== "");
  const ids = (system: ExternalSystem) =>
    rows.flatMap(({ externalIds }) =>
      externalIds.filter((given) => given.system === system).map(({ id }) => id),
    );
  const usernames = texts(({ username }) => username);
  const uids = rows.flatMap(({ externalIds }) => externalIds.map(({ uid }) => uid ?? ""));
  const found = await change.query<CandidateRow>(
    `SELECT u.id AS key, u.username, u.firstname, u.lastname, u.email, u.telephone, u.language,
            u.date_format AS "dateFormat", u.active, u.clientexec_id::text AS "clientexecId",
            u.rocket_chat_id AS "rocketChatId", u.jtel_id::text AS "jtelId", u.jtel_uid AS "jtelUid",
            u.omnidesk_id::text AS "omnideskId", u.imported_from AS "importedFrom",
            ARRAY(SELECT 'AGENT' FROM agents WHERE user_id = u.id
                  UNION ALL SELECT 'MANAGER' FROM managers WHERE user_id = u.id) AS roles
     FROM users u
     WHERE u.id IN (
       SELECT id FROM users WHERE lower(username) = ${foldedIn("$1")}
       UNION ALL SELECT id FROM users WHERE lower(email) = ${foldedIn("$2")}
       UNION ALL SELECT id FROM users WHERE clientexec_id = ANY ($3::bigint[])
       UNION ALL SELECT id FROM users WHERE rocket_chat_id = ANY ($4::text[])
       UNION ALL SELECT id FROM users WHERE jtel_id = ANY ($5::integer[])
       UNION ALL SELECT id FROM users WHERE lower(jtel_uid) = ${foldedIn("$6")}
       UNION ALL SELECT id FROM users WHERE omnidesk_id = ANY ($7::integer[]))
     ORDER BY u.id FOR NO KEY UPDATE OF u`,
    [
      usernames,
      texts(({ email }) => email),
      ids("CLIENTEXEC"),
      ids("ROCKET_CHAT"),
      ids("JTEL"),
      // A new user gets the username as UID unless it is taken.
      [...uids, ...usernames],
      ids("OMNIDESK"),
    ],
  );
  return found.map(toUser);
}

const toUser = (row: CandidateRow): ImportedUser => {
  const { clientexecId, rocketChatId, jtelId, omnideskId, importedFrom, ...user } = row;
  const ids = {
    CLIENTEXEC: clientexecId,
    ROCKET_CHAT: rocketChatId,
    JTEL: jtelId,
    OMNIDESK: omnideskId,
  };
  return { ...user, ids, importedFrom: new Set(importedFrom) };
};
