import { Agent, Manager } from "../../../entities/agent.entity.js";
import { PresenceClaim } from "../../../entities/presence-claim.entity.js";
import { Presence } from "../../../entities/presence.entity.js";
import { Status } from "../../../entities/status.entity.js";
import { UserSettings } from "../../../entities/user-settings.entity.js";
import { User } from "../../../entities/user.entity.js";
import type { Reader } from "../../../database/reader.js";
import { TRANSACTION_TIME } from "../../../database/sql-time.js";
import { asOfReading } from "../../presence/presence-list.js";
import { columnsAsOf, isActiveLock, statusIdInEffect } from "../../presence/presence-sql.js";

/** A person with all that the old systems tell of one, read in one statement. */
export interface FullUser {
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
export const FULL_USERS = peopleFrom("users u LEFT JOIN presences p ON p.user_id = u.id");

/** The same, for a count of those whose presence is like this: Postgres then leaves out the users, who are not looked at. */
export const FULL_USERS_BY_PRESENCE = peopleFrom(
  "presences p LEFT JOIN users u ON u.id = p.user_id",
);

/**
 * The same, where it is known that few have a presence like this. The limit makes Postgres look each of them up; from some
 * thousands on it would read all users instead, which takes twice as long while these are a twentieth of them.
 */
export const FEW_FULL_USERS_BY_PRESENCE = peopleFrom(
  "presences p CROSS JOIN LATERAL (SELECT * FROM users WHERE id = p.user_id LIMIT 1) u",
);

function peopleFrom(usersAndPresences: string): string {
  return `${usersAndPresences}
  LEFT JOIN statuses t ON t.id = ${statusIdInEffect("p", TRANSACTION_TIME)}
  LEFT JOIN agents a ON a.user_id = u.id`;
}

export const withSettings = (people: string): string =>
  `${people} LEFT JOIN user_settings s ON s.user_id = u.id`;

/** With the rest of what there is of them, each at most once. */
const WHOLE_PEOPLE = `${withSettings(FULL_USERS)}
  LEFT JOIN managers m ON m.user_id = u.id
  LEFT JOIN presence_claims l ON l.user_id = u.id AND ${isActiveLock("l", TRANSACTION_TIME)}`;

/** The parts of a person that columns are read into. */
interface Parts {
  readonly user: User;
  readonly presence: Presence;
  readonly status: Status;
  readonly lock: PresenceClaim;
  readonly settings: UserSettings;
  readonly agent: Agent;
}

/** What is told of people. To look at anything else of them throws MissingPropertyError. */
export type FullUserParts = { readonly [P in keyof Parts]: ReadonlySet<keyof Parts[P] & string> };

/** How people are selected, and what their rows become. A condition and an order can follow. */
export interface FullUserSelection<Row, Listed> {
  readonly select: string;
  /** Of the rows. */
  readonly rowMode?: "array";
  readonly toPerson: (row: Row) => Listed;
}

/** @param wanted left out: everything */
export function fullUserSelection(
  reader: Reader,
  wanted?: FullUserParts,
): FullUserSelection<object, FullUser> {
  const users = reader.columnsOf(User, wanted?.user);
  const presences = reader.columnsOf(Presence, wanted?.presence);
  const statuses = reader.columnsOf(Status, wanted?.status);
  const locks = reader.columnsOf(PresenceClaim, wanted?.lock);
  const settings = reader.columnsOf(UserSettings, wanted?.settings);
  const agents = reader.columnsOf(Agent, wanted?.agent);
  const managers = reader.table(Manager);
  const columns = [
    users.joinedColumns("u"),
    presences.joinedColumns("p"),
    statuses.joinedColumns("t"),
    locks.joinedColumns("l"),
    settings.joinedColumns("s"),
    agents.joinedColumns("a"),
    managers.joinedColumns("m"),
    `ARRAY(SELECT gm.group_id FROM group_members gm WHERE gm.user_id = u.id ORDER BY gm.group_id) AS "groupIds"`,
    columnsAsOf("p", TRANSACTION_TIME),
  ];
  return {
    select: `SELECT ${columns.join(", ")} FROM ${WHOLE_PEOPLE}`,
    toPerson: (raw) => {
      const { groupIds, readAt, duePlan } = raw as Pick<FullUser, "groupIds"> &
        Pick<Presence, "readAt" | "duePlan">;
      const presence = presences.toJoinedRow(raw, "p") as Presence;
      return {
        user: users.toJoinedRow(raw, "u") as User,
        presence: asOfReading(Object.assign(presence, { readAt, duePlan })),
        status: statuses.toJoinedRow(raw, "t") as Status,
        lock: locks.toJoinedRow(raw, "l"),
        settings: settings.toJoinedRow(raw, "s") as UserSettings,
        agent: agents.toJoinedRow(raw, "a"),
        isManager: managers.toJoinedRow(raw, "m") !== null,
        groupIds,
      };
    },
  };
}
