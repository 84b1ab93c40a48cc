/**
 * The reads behind the fields of results: one statement for the keys of all objects at a place. Loaders have no rules: SQL that repeats a
 * rule comes from `src/services`. A file has the loaders of one noun; simple ones are in the list below.
 */
import { LRUCache } from "lru-cache";
import { Agent } from "../entities/agent.entity.js";
import { Campaign, UserCampaign } from "../entities/campaign.entity.js";
import { Group } from "../entities/group.entity.js";
import { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { Reservation } from "../entities/reservation.entity.js";
import { Status } from "../entities/status.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { User } from "../entities/user.entity.js";
import { View } from "../entities/view.entity.js";
import type { ClaimKind, LivechatRole } from "../domain/vocabulary.js";
import type { Reader } from "../database/reader.js";
import type { SelectedColumns } from "../database/selected-columns.js";
import { READ_AT, TRANSACTION_TIME } from "../database/sql-time.js";
import { asOfReading } from "../services/presence/presence-list.js";
import { columnsAsOf } from "../services/presence/presence-sql.js";
import { reservationAsOfReading } from "../services/reservations/reading.js";
import { isActive } from "../services/reservations/reservation-sql.js";
import { loadViews } from "./views.js";
import { keyArray } from "../database/pagination/key-array.js";
import { grouped } from "./key-order.js";
import { allOfEach, oneOfEach } from "./rows-by-foreign-key.js";
import { type HistoryRequest, loadHistory, loadHistoryLengths } from "./status-history.js";
import { loadTimeInStatus, type TimeRange } from "./time-in-status.js";

type Ids = readonly number[];
/** With the ids of users, separated by commas. */
type GroupOfMembers = Group & { readonly memberIds: string };

/** Sets of columns whose statements are kept; more are built again. */
const COLUMNS_MAX = 200;

/** Batched reads of what belongs to objects: one statement for all keys, with the results in their order. */
export interface Loaders extends ReturnType<typeof loadersOf> {
  /** The same loaders, which read these columns only. */
  readonly selecting: (columns: SelectedColumns) => Loaders;
}

export function createLoaders(reader: Reader): Loaders {
  const kept = new LRUCache<string, Loaders>({ max: COLUMNS_MAX });
  const selecting = (columns: SelectedColumns): Loaders => {
    const known = kept.get(columns.key);
    if (known) return known;
    const loaders = { ...loadersOf(reader, columns), selecting };
    kept.set(columns.key, loaders);
    return loaders;
  };
  return { ...loadersOf(reader), selecting };
}

function loadersOf(reader: Reader, columns?: SelectedColumns) {
  const selected = { reader, columns };
  const claimsByUserId = (kind: ClaimKind) =>
    allOfEach(selected, {
      entity: PresenceClaim,
      reads: ["userId"],
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("c")} FROM presence_claims c WHERE c.user_id = ANY($1::int[]) AND c.kind = '${kind}'`,
    });

  return {
    usersById: oneOfEach(selected, {
      entity: User,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("u")} FROM users u WHERE u.id = ANY($1::int[])`,
    }),
    agentsByUserId: oneOfEach(selected, {
      entity: Agent,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("a")} FROM agents a WHERE a.user_id = ANY($1::int[])`,
    }),
    livechatRolesByUserId: async (ids: Ids) => {
      const rows = await reader.query<{ userId: number; role: LivechatRole }>(
        `SELECT user_id AS "userId", 'AGENT' AS role FROM agents WHERE user_id = ANY($1::int[])
         UNION ALL SELECT user_id, 'MANAGER' FROM managers WHERE user_id = ANY($1::int[]) ORDER BY role`,
        [keyArray(ids)],
      );
      return grouped(ids, rows, (row) => row.userId).map((roles) => roles.map(({ role }) => role));
    },
    presencesByUserId: oneOfEach(selected, {
      entity: Presence,
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("p")}, ${columnsAsOf("p", TRANSACTION_TIME)} FROM presences p WHERE p.user_id = ANY($1::int[])`,
      finish: asOfReading,
    }),
    locksByUserId: claimsByUserId("LOCK"),
    choicesByUserId: claimsByUserId("MANUAL"),
    statusesById: oneOfEach(selected, {
      entity: Status,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("s")} FROM statuses s WHERE s.id = ANY($1::int[])`,
    }),
    settingsByUserId: oneOfEach(selected, {
      entity: UserSettings,
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("s")} FROM user_settings s WHERE s.user_id = ANY($1::int[])`,
    }),
    // Groups are few and large: each is read once, with its members.
    groupsByUserId: allOfEach<GroupOfMembers>(selected, {
      entity: Group,
      keyOf: ({ memberIds }) => memberIds.split(",").map(Number),
      sql: (columns) => `SELECT ${columns("g")}, m.ids AS "memberIds"
        FROM (SELECT group_id, string_agg(user_id::text, ',') AS ids FROM group_members
              WHERE user_id = ANY($1::int[]) GROUP BY group_id) m
        JOIN groups g ON g.id = m.group_id ORDER BY lower(g.name)`,
    }),
    activeReservationsByUserId: allOfEach(selected, {
      entity: Reservation,
      reads: ["userId"],
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("r")} FROM reservations r
        WHERE r.user_id = ANY($1::int[]) AND ${isActive("r", TRANSACTION_TIME)} ORDER BY r.id`,
    }),
    reservationsById: oneOfEach(selected, {
      entity: Reservation,
      keyOf: ({ id }) => Number(id),
      sql: (columns) =>
        `SELECT ${columns("r")}, ${READ_AT} FROM reservations r WHERE r.id = ANY($1::bigint[])`,
      reads: ["state", "expiresAt"],
      finish: reservationAsOfReading,
    }),
    statisticsByUserId: allOfEach(selected, {
      entity: UserStatistic,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("s")} FROM user_statistics s
        WHERE s.user_id = ANY($1::int[]) ORDER BY s.statistic, s.primary_option, s.secondary_option`,
    }),
    campaignsByUserId: allOfEach(selected, {
      entity: UserCampaign,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("uc")} FROM user_campaigns uc
        JOIN campaigns c ON c.id = uc.campaign_id WHERE uc.user_id = ANY($1::int[]) ORDER BY lower(c.name)`,
    }),
    campaignsById: oneOfEach(selected, {
      entity: Campaign,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("c")} FROM campaigns c WHERE c.id = ANY($1::int[])`,
    }),
    viewsById: oneOfEach(selected, {
      entity: View,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("v")} FROM views v WHERE v.id = ANY($1::int[])`,
    }),
    viewsByUserId: (ids: Ids, search: string) => loadViews(reader, ids, search),
    historiesByUserId: (ids: Ids, request: HistoryRequest) => loadHistory(reader, ids, request),
    historyLengthsByUserId: (ids: Ids, since: Date | null) =>
      loadHistoryLengths(reader, ids, since),
    timeInStatusByUserId: (ids: Ids, range: TimeRange) => loadTimeInStatus(reader, ids, range),
  };
}
