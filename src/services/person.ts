import { Agent, Manager } from "../entities/agent.entity.js";
import { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { Status } from "../entities/status.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { User } from "../entities/user.entity.js";
import type { Reader } from "../persistence/reader.js";
import { asOfReading, READ_AT } from "./presence-list.js";
import { STATUS_IN_EFFECT } from "./user-conditions.js";

/** A person with all that the old systems tell of one, read in one statement. */
export interface Person {
  readonly user: User;
  readonly presence: Presence;
  /** The one in effect. */
  readonly status: Status;
  /** Null while the status is not locked. */
  readonly lock: PresenceClaim | null;
  readonly settings: UserSettings;
  /** Null without the role. */
  readonly agent: Agent | null;
  readonly isManager: boolean;
  readonly groupIds: readonly number[];
}

/**
 * All people, each once, with what lists of them look at. Joined from the left: Postgres then leaves out what a
 * statement does not look at, and does not take people with a status in effect to be fewer than people.
 */
export const PEOPLE = peopleFrom("users u LEFT JOIN presences p ON p.user_id = u.id");

/** The same, for a count of those whose presence is like this: Postgres then leaves out the users, who are not looked at. */
export const PEOPLE_BY_PRESENCE = peopleFrom("presences p LEFT JOIN users u ON u.id = p.user_id");

/**
 * The same, where it is known that few have a presence like this. The limit makes Postgres look each of them up; from some
 * thousands on it would read all users instead, which takes twice as long while these are a twentieth of them.
 */
export const FEW_PEOPLE_BY_PRESENCE = peopleFrom(
  "presences p CROSS JOIN LATERAL (SELECT * FROM users WHERE id = p.user_id LIMIT 1) u",
);

function peopleFrom(usersAndPresences: string): string {
  return `${usersAndPresences}
  LEFT JOIN statuses t ON t.id = ${STATUS_IN_EFFECT}
  LEFT JOIN agents a ON a.user_id = u.id`;
}

export const withSettings = (people: string): string =>
  `${people} LEFT JOIN user_settings s ON s.user_id = u.id`;

/** With the rest of what there is of them, each at most once. */
const WHOLE_PEOPLE = `${withSettings(PEOPLE)}
  LEFT JOIN managers m ON m.user_id = u.id
  LEFT JOIN presence_claims l ON l.user_id = u.id AND l.kind = 'LOCK' AND (l.until IS NULL OR l.until > now())`;

/** Selects people as `toPerson` reads them; a condition and an order can follow. */
export function selectPeople(reader: Reader): string {
  const columns = [
    reader.table(User).joinedColumns("u"),
    reader.table(Presence).joinedColumns("p"),
    reader.table(Status).joinedColumns("t"),
    reader.table(PresenceClaim).joinedColumns("l"),
    reader.table(UserSettings).joinedColumns("s"),
    reader.table(Agent).joinedColumns("a"),
    reader.table(Manager).joinedColumns("m"),
    `ARRAY(SELECT gm.group_id FROM group_members gm WHERE gm.user_id = u.id ORDER BY gm.group_id) AS "groupIds"`,
    READ_AT,
  ];
  return `SELECT ${columns.join(", ")} FROM ${WHOLE_PEOPLE}`;
}

export function toPerson(reader: Reader, raw: object): Person {
  const { groupIds, readAt } = raw as Pick<Person, "groupIds"> & { readAt: Date };
  const presence = reader.table(Presence).toJoinedRow(raw, "p") as Presence;
  return {
    user: reader.table(User).toJoinedRow(raw, "u") as User,
    presence: asOfReading(Object.assign(presence, { readAt })),
    status: reader.table(Status).toJoinedRow(raw, "t") as Status,
    lock: reader.table(PresenceClaim).toJoinedRow(raw, "l"),
    settings: reader.table(UserSettings).toJoinedRow(raw, "s") as UserSettings,
    agent: reader.table(Agent).toJoinedRow(raw, "a"),
    isManager: reader.table(Manager).toJoinedRow(raw, "m") !== null,
    groupIds,
  };
}
