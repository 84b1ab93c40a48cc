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
import { READ_AT, TRANSACTION_TIME } from "../database/sql-time.js";
import { asOfReading } from "../services/presence/presence-list.js";
import { columnsAsOf } from "../services/presence/presence-sql.js";
import { reservationAsOfReading } from "../services/reservations/reading.js";
import { isActive } from "../services/reservations/reservation-sql.js";
import { loadViews } from "./views.js";
import { keyArray } from "../database/key-array.js";
import { grouped } from "./key-order.js";
import { allOfEach, oneOfEach } from "./rows-by-foreign-key.js";
import { type HistoryRequest, loadHistory, loadHistoryLengths } from "./status-history.js";
import { loadTimeInStatus, type TimeRange } from "./time-in-status.js";

type Ids = readonly number[];
/** With the ids of users, one behind the other. */
type GroupOfMembers = Group & { readonly memberIds: string };

/** What belongs to objects that are there already: one statement for all of their keys, whose answers come in the order of the keys. */
export function createLoaders(reader: Reader) {
  const claimsByUserId = (kind: ClaimKind) =>
    allOfEach(reader, {
      entity: PresenceClaim,
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("c")} FROM presence_claims c WHERE c.user_id = ANY($1::int[]) AND c.kind = '${kind}'`,
    });

  return {
    usersById: oneOfEach(reader, {
      entity: User,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("u")} FROM users u WHERE u.id = ANY($1::int[])`,
    }),
    agentsByUserId: oneOfEach(reader, {
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
    presencesByUserId: oneOfEach(reader, {
      entity: Presence,
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("p")}, ${columnsAsOf("p", TRANSACTION_TIME)} FROM presences p WHERE p.user_id = ANY($1::int[])`,
      finish: asOfReading,
    }),
    locksByUserId: claimsByUserId("LOCK"),
    choicesByUserId: claimsByUserId("MANUAL"),
    statusesById: oneOfEach(reader, {
      entity: Status,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("s")} FROM statuses s WHERE s.id = ANY($1::int[])`,
    }),
    settingsByUserId: oneOfEach(reader, {
      entity: UserSettings,
      keyOf: ({ userId }) => userId,
      sql: (columns) =>
        `SELECT ${columns("s")} FROM user_settings s WHERE s.user_id = ANY($1::int[])`,
    }),
    // There are few, each of which many are in: each is told once, with its members.
    groupsByUserId: allOfEach<GroupOfMembers>(reader, {
      entity: Group,
      keyOf: ({ memberIds }) => memberIds.split(",").map(Number),
      sql: (columns) => `SELECT ${columns("g")}, m.ids AS "memberIds"
        FROM (SELECT group_id, string_agg(user_id::text, ',') AS ids FROM group_members
              WHERE user_id = ANY($1::int[]) GROUP BY group_id) m
        JOIN groups g ON g.id = m.group_id ORDER BY lower(g.name)`,
    }),
    activeReservationsByUserId: allOfEach(reader, {
      entity: Reservation,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("r")} FROM reservations r
        WHERE r.user_id = ANY($1::int[]) AND ${isActive("r", TRANSACTION_TIME)} ORDER BY r.id`,
    }),
    reservationsById: oneOfEach(reader, {
      entity: Reservation,
      keyOf: ({ id }) => Number(id),
      sql: (columns) =>
        `SELECT ${columns("r")}, ${READ_AT} FROM reservations r WHERE r.id = ANY($1::bigint[])`,
      finish: reservationAsOfReading,
    }),
    statisticsByUserId: allOfEach(reader, {
      entity: UserStatistic,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("s")} FROM user_statistics s
        WHERE s.user_id = ANY($1::int[]) ORDER BY s.statistic, s.primary_option, s.secondary_option`,
    }),
    campaignsByUserId: allOfEach(reader, {
      entity: UserCampaign,
      keyOf: ({ userId }) => userId,
      sql: (columns) => `SELECT ${columns("uc")} FROM user_campaigns uc
        JOIN campaigns c ON c.id = uc.campaign_id WHERE uc.user_id = ANY($1::int[]) ORDER BY lower(c.name)`,
    }),
    campaignsById: oneOfEach(reader, {
      entity: Campaign,
      keyOf: ({ id }) => id,
      sql: (columns) => `SELECT ${columns("c")} FROM campaigns c WHERE c.id = ANY($1::int[])`,
    }),
    viewsById: oneOfEach(reader, {
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

export type Loaders = ReturnType<typeof createLoaders>;
