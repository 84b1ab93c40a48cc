import { Agent } from "../../../entities/agent.entity.js";
import { PresenceClaim } from "../../../entities/presence-claim.entity.js";
import { Presence } from "../../../entities/presence.entity.js";
import { Status } from "../../../entities/status.entity.js";
import { UserSettings } from "../../../entities/user-settings.entity.js";
import { User } from "../../../entities/user.entity.js";
import type { Reader } from "../../../database/reader.js";
import { TRANSACTION_TIME } from "../../../database/sql-time.js";
import { asOfReading } from "../../presence/presence-list.js";
import { columnsAsOf, isActiveLock, statusIdInEffect } from "../../presence/presence-sql.js";

/** The parts of a user that columns are read into, all of the moment of the statement. */
interface Parts {
  readonly user: User;
  readonly presence: Presence;
  /** The status in effect. */
  readonly status: Status;
  readonly settings: UserSettings;
  /** Null while the status is not locked. */
  readonly lock: PresenceClaim | null;
  /** Null without the role. */
  readonly agent: Agent | null;
}

/** A user with every part that a legacy API returns, read by one statement. */
export interface FullUser extends Parts {
  readonly isManager: boolean;
  readonly groupIds: readonly number[];
}

type ColumnOf<Part extends keyof Parts> = keyof NonNullable<Parts[Part]> & string;

/** Columns of a full user by part. Reading any other property of the result throws MissingPropertyError. */
export type FullUserColumns = { readonly [P in keyof Parts]: ReadonlySet<ColumnOf<P>> };

/** The parts of a long list, with their tables and aliases. */
const listedParts = {
  user: [User, "u"],
  presence: [Presence, "p"],
  status: [Status, "t"],
  settings: [UserSettings, "s"],
} as const;
type ListedPart = keyof typeof listedParts;

/** Columns of a long list by part. Keep them few: each costs a list of every user time and memory. */
export type ListedColumns = { readonly [P in ListedPart]: readonly ColumnOf<P>[] };

/** A user with these columns only; every FullUser is one. */
export type ListedUser<Columns extends ListedColumns> = {
  readonly [P in ListedPart]: Pick<Parts[P], Extract<Columns[P][number], keyof Parts[P]>>;
};

/**
 * Every user once, with the aliases `users u`, `presences p`, `statuses t` (in effect) and `agents a`, for conditions
 * and orders. With left joins Postgres omits the tables that a statement does not read, and does not estimate that
 * fewer users have a status than there are users.
 */
export const USERS = joined("users u LEFT JOIN presences p ON p.user_id = u.id");

/** The same for a count by presence: Postgres omits `users`, which it does not read. */
export const USERS_BY_PRESENCE = joined("presences p LEFT JOIN users u ON u.id = p.user_id");

/**
 * The same for a condition that is known to match few presences. LIMIT makes Postgres look each user up; from some
 * thousands on it would read the whole table, which takes twice as long when a twentieth of its rows match.
 */
export const FEW_USERS_BY_PRESENCE = joined(
  "presences p CROSS JOIN LATERAL (SELECT * FROM users WHERE id = p.user_id LIMIT 1) u",
);

function joined(usersAndPresences: string): string {
  return `${usersAndPresences}
  LEFT JOIN statuses t ON t.id = ${statusIdInEffect("p", TRANSACTION_TIME)}
  LEFT JOIN agents a ON a.user_id = u.id`;
}

const withSettings = (users: string): string =>
  `${users} LEFT JOIN user_settings s ON s.user_id = u.id`;

/** With the remaining tables, each of which has at most one row per user. */
const FULL_USERS = `${withSettings(USERS)}
  LEFT JOIN managers m ON m.user_id = u.id
  LEFT JOIN presence_claims l ON l.user_id = u.id AND ${isActiveLock("l", TRANSACTION_TIME)}`;

/** A statement without condition and order, and how its rows become users. */
export interface UserSelection<Row, Item> {
  readonly select: string;
  readonly rowMode?: "array";
  readonly toUser: (row: Row) => Item;
}

/** @param columns all when omitted */
export function fullUserSelection(
  reader: Reader,
  columns?: FullUserColumns,
): UserSelection<object, FullUser> {
  const users = reader.columnsOf(User, columns?.user);
  const presences = reader.columnsOf(Presence, columns?.presence);
  const statuses = reader.columnsOf(Status, columns?.status);
  const settings = reader.columnsOf(UserSettings, columns?.settings);
  const locks = reader.columnsOf(PresenceClaim, columns?.lock);
  const agents = reader.columnsOf(Agent, columns?.agent);
  const list = [
    users.joinedColumns("u"),
    presences.joinedColumns("p"),
    statuses.joinedColumns("t"),
    settings.joinedColumns("s"),
    locks.joinedColumns("l"),
    agents.joinedColumns("a"),
    `m.user_id IS NOT NULL AS "isManager"`,
    `ARRAY(SELECT gm.group_id FROM group_members gm WHERE gm.user_id = u.id ORDER BY gm.group_id) AS "groupIds"`,
    columnsAsOf("p", TRANSACTION_TIME),
  ];
  return {
    select: `SELECT ${list.join(", ")} FROM ${FULL_USERS}`,
    toUser: (raw) => {
      const { isManager, groupIds, readAt, duePlan } = raw as Presence & FullUser;
      const presence = presences.toJoinedRow(raw, "p") as Presence;
      return {
        user: users.toJoinedRow(raw, "u") as User,
        presence: asOfReading(Object.assign(presence, { readAt, duePlan })),
        status: statuses.toJoinedRow(raw, "t") as Status,
        settings: settings.toJoinedRow(raw, "s") as UserSettings,
        lock: locks.toJoinedRow(raw, "l"),
        agent: agents.toJoinedRow(raw, "a"),
        isManager,
        groupIds,
      };
    },
  };
}

/** @param users `USERS`, or another form of it */
export function listedUserSelection<Columns extends ListedColumns>(
  reader: Reader,
  columns: Columns,
  users = USERS,
): UserSelection<readonly unknown[], ListedUser<Columns>> {
  const parts = (Object.keys(listedParts) as ListedPart[]).map((part) => {
    const names: readonly string[] = columns[part];
    const [entity, alias] = listedParts[part];
    const table = reader.table<object>(entity);
    const list = names.map((name) => `${alias}.${table.column(name as never)} AS ${alias}_${name}`);
    return { part, names, list };
  });
  return {
    select: `SELECT ${parts.flatMap(({ list }) => list).join(", ")} FROM ${withSettings(users)}`,
    rowMode: "array",
    toUser: (row) => {
      const user: Record<string, object> = {};
      let i = 0;
      for (const { part, names } of parts) {
        const values: Record<string, unknown> = {};
        for (const name of names) values[name] = row[i++];
        user[part] = values;
      }
      return user as unknown as ListedUser<Columns>;
    },
  };
}
