import type { EntityTarget, ObjectLiteral } from "typeorm";
import { Agent } from "../entities/agent.entity.js";
import { Campaign } from "../entities/campaign.entity.js";
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
import type { Reader } from "../persistence/reader.js";
import type { Properties } from "../persistence/table.js";
import { ACTIVE_RESERVATION } from "../services/agent-list.js";
import { asOfReading, READ_AT, toBeAsOfReading } from "../services/presence-list.js";
import { reservationAsOfReading } from "../services/reservation-reading.js";
import { loadCampaigns, loadViews } from "./choices.js";
import { keyArray, grouped, inKeyOrder } from "./key-order.js";
import { type HistoryRequest, loadHistory, loadHistoryLengths } from "./status-history.js";
import { loadTimeInStatus, type TimeRange } from "./time-in-status.js";

type Ids = readonly number[];
type Member = Group & { readonly memberId: number };

/** What belongs to objects that are there already: one statement for all of their keys, whose answers come in the order of the keys. */
export function createLoaders(reader: Reader) {
  const columns = (entity: EntityTarget<ObjectLiteral>, alias: string, wanted?: Properties) =>
    reader.columnsOf(entity, wanted).columns(alias);
  const among = (sql: string) => `${sql} = ANY($1::int[])`;

  return {
    usersById: async (ids: Ids, wanted?: Properties) => {
      const sql = `SELECT ${columns(User, "u", wanted)} FROM users u WHERE ${among("u.id")}`;
      const users = await reader.rows(User, sql, [keyArray(ids)], wanted);
      return inKeyOrder(ids, users, (user) => user.id);
    },
    agentsByUserId: async (ids: Ids, wanted?: Properties) => {
      const sql = `SELECT ${columns(Agent, "a", wanted)} FROM agents a WHERE ${among("a.user_id")}`;
      const agents = await reader.rows(Agent, sql, [keyArray(ids)], wanted);
      return inKeyOrder(ids, agents, (agent) => agent.userId);
    },
    livechatRolesByUserId: async (ids: Ids) => {
      const rows = await reader.query<{ userId: number; role: LivechatRole }>(
        `SELECT user_id AS "userId", 'AGENT' AS role FROM agents WHERE ${among("user_id")}
         UNION ALL SELECT user_id, 'MANAGER' FROM managers WHERE ${among("user_id")} ORDER BY role`,
        [keyArray(ids)],
      );
      return grouped(ids, rows, (row) => row.userId).map((roles) => roles.map(({ role }) => role));
    },
    presencesByUserId: async (ids: Ids, wanted?: Properties) => {
      const needed = wanted && toBeAsOfReading(wanted);
      const sql = `SELECT ${columns(Presence, "p", needed)}, ${READ_AT} FROM presences p WHERE ${among("p.user_id")}`;
      const presences = await reader.rows(Presence, sql, [keyArray(ids)], needed);
      return inKeyOrder(ids, presences.map(asOfReading), (presence) => presence.userId);
    },
    claimsByUserId: async (ids: Ids, kind: ClaimKind) => {
      const sql = `SELECT ${columns(PresenceClaim, "c")} FROM presence_claims c WHERE ${among("c.user_id")} AND c.kind = $2`;
      const claims = await reader.rows(PresenceClaim, sql, [keyArray(ids), kind]);
      return grouped(ids, claims, (claim) => claim.userId);
    },
    statusesById: async (ids: Ids, wanted?: Properties) => {
      const sql = `SELECT ${columns(Status, "s", wanted)} FROM statuses s WHERE ${among("s.id")}`;
      // There are few, and in order they are the same few for most who ask at the same time.
      const statuses = await reader.lookUpRows(
        Status,
        sql,
        [keyArray(ids.toSorted((a, b) => a - b))],
        wanted,
      );
      return inKeyOrder(ids, statuses, (status) => status.id);
    },
    settingsByUserId: async (ids: Ids, wanted?: Properties) => {
      const sql = `SELECT ${columns(UserSettings, "s", wanted)} FROM user_settings s WHERE ${among("s.user_id")}`;
      const settings = await reader.rows(UserSettings, sql, [keyArray(ids)], wanted);
      return inKeyOrder(ids, settings, (row) => row.userId);
    },
    groupsByUserId: async (ids: Ids, wanted?: Properties) => {
      const sql = `SELECT ${columns(Group, "g", wanted)}, m.user_id AS "memberId" FROM group_members m
        JOIN groups g ON g.id = m.group_id WHERE ${among("m.user_id")} ORDER BY lower(g.name)`;
      const groups = await reader.rows<Member>(Group, sql, [keyArray(ids)], wanted);
      return grouped(ids, groups, (group) => group.memberId);
    },
    activeReservationsByUserId: async (ids: Ids) => {
      const sql = `SELECT ${columns(Reservation, "r")} FROM reservations r
        WHERE ${among("r.user_id")} AND r.state IN ('HELD', 'ACCEPTED') AND ${ACTIVE_RESERVATION} ORDER BY r.id`;
      return grouped(
        ids,
        await reader.rows(Reservation, sql, [keyArray(ids)]),
        (row) => row.userId,
      );
    },
    reservationsById: async (ids: Ids) => {
      const sql = `SELECT ${columns(Reservation, "r")}, ${READ_AT} FROM reservations r WHERE r.id = ANY($1::bigint[])`;
      const rows = (await reader.rows(Reservation, sql, [keyArray(ids)])).map(
        reservationAsOfReading,
      );
      return inKeyOrder(ids, rows, ({ id }) => Number(id));
    },
    statisticsByUserId: async (ids: Ids) => {
      const sql = `SELECT ${columns(UserStatistic, "s")} FROM user_statistics s
        WHERE ${among("s.user_id")} ORDER BY s.statistic, s.primary_option, s.secondary_option`;
      return grouped(
        ids,
        await reader.rows(UserStatistic, sql, [keyArray(ids)]),
        (row) => row.userId,
      );
    },
    campaignsByUserId: (ids: Ids) => loadCampaigns(reader, ids),
    campaignsById: async (ids: Ids) => {
      const sql = `SELECT ${columns(Campaign, "c")} FROM campaigns c WHERE ${among("c.id")}`;
      return inKeyOrder(
        ids,
        await reader.rows(Campaign, sql, [keyArray(ids)]),
        (campaign) => campaign.id,
      );
    },
    viewsById: async (ids: Ids) => {
      const sql = `SELECT ${columns(View, "v")} FROM views v WHERE ${among("v.id")}`;
      return inKeyOrder(ids, await reader.rows(View, sql, [keyArray(ids)]), (view) => view.id);
    },
    viewsByUserId: (ids: Ids, search: string) => loadViews(reader, ids, search),
    historiesByUserId: (ids: Ids, request: HistoryRequest) => loadHistory(reader, ids, request),
    historyLengthsByUserId: (ids: Ids, since: Date | null) =>
      loadHistoryLengths(reader, ids, since),
    timeInStatusByUserId: (ids: Ids, range: TimeRange) => loadTimeInStatus(reader, ids, range),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
