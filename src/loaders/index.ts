import DataLoader from "dataloader";
import { Agent } from "../entities/agent.entity.js";
import { Campaign, type UserCampaign } from "../entities/campaign.entity.js";
import { Group } from "../entities/group.entity.js";
import { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { Reservation } from "../entities/reservation.entity.js";
import { Status } from "../entities/status.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { User } from "../entities/user.entity.js";
import { View } from "../entities/view.entity.js";
import type { LivechatRole } from "../domain/vocabulary.js";
import type { Reader } from "../persistence/reader.js";
import { ACTIVE_RESERVATION } from "../services/agent-list.js";
import { asOfReading, READ_AT } from "../services/presence-list.js";
import { reservationAsOfReading } from "../services/reservation-reading.js";
import { createViewLoaders, loadCampaigns } from "./choices.js";
import { grouped, inKeyOrder } from "./key-order.js";
import { createHistoryLoaders } from "./status-history.js";
import { createStatusTimeLoaders } from "./time-in-status.js";

/**
 * Batched reads for fields: one statement per field and level, however many rows. One set per request;
 * a loader that outlived it would serve stale rows, and to the wrong person.
 *
 * @param cache false for mutations, where a later field may change what an earlier one has loaded
 */
export function createLoaders(reader: Reader, { cache = true } = {}) {
  const columns = (entity: Parameters<Reader["table"]>[0], alias: string) =>
    reader.table(entity).columns(alias);
  const batch = <Row>(load: (ids: readonly number[]) => Promise<Row[]>) =>
    new DataLoader<number, Row>(load, { cache });
  const among = (sql: string) => `${sql} = ANY($1::int[])`;

  return {
    userById: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(User, "u")} FROM users u WHERE ${among("u.id")}`;
      return inKeyOrder(ids, await reader.rows(User, sql, [ids]), (user) => user.id);
    }),
    agentByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Agent, "a")} FROM agents a WHERE ${among("a.user_id")}`;
      return inKeyOrder(ids, await reader.rows(Agent, sql, [ids]), (agent) => agent.userId);
    }),
    livechatRolesByUserId: batch(async (ids: readonly number[]) => {
      const rows = await reader.query<{ userId: number; role: LivechatRole }>(
        `SELECT user_id AS "userId", 'AGENT' AS role FROM agents WHERE ${among("user_id")}
         UNION ALL SELECT user_id, 'MANAGER' FROM managers WHERE ${among("user_id")} ORDER BY role`,
        [ids],
      );
      return grouped(ids, rows, (row) => row.userId).map((roles) => roles.map(({ role }) => role));
    }),
    presenceByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Presence, "p")}, ${READ_AT} FROM presences p WHERE ${among("p.user_id")}`;
      const presences = await reader.rows(Presence, sql, [ids]);
      return inKeyOrder(ids, presences.map(asOfReading), (presence) => presence.userId);
    }),
    claimsByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(PresenceClaim, "c")} FROM presence_claims c WHERE ${among("c.user_id")}`;
      return grouped(ids, await reader.rows(PresenceClaim, sql, [ids]), (claim) => claim.userId);
    }),
    statusById: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Status, "s")} FROM statuses s WHERE ${among("s.id")}`;
      return inKeyOrder(ids, await reader.rows(Status, sql, [ids]), (status) => status.id);
    }),
    settingsByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(UserSettings, "s")} FROM user_settings s WHERE ${among("s.user_id")}`;
      return inKeyOrder(ids, await reader.rows(UserSettings, sql, [ids]), (row) => row.userId);
    }),
    groupsByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Group, "g")}, m.user_id AS "memberId" FROM group_members m
        JOIN groups g ON g.id = m.group_id WHERE ${among("m.user_id")} ORDER BY lower(g.name)`;
      const groups = await reader.rows<Group & { memberId: number }>(Group, sql, [ids]);
      return grouped(ids, groups, (group) => group.memberId);
    }),
    activeReservationsByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Reservation, "r")} FROM reservations r
        WHERE ${among("r.user_id")} AND r.state IN ('HELD', 'ACCEPTED') AND ${ACTIVE_RESERVATION} ORDER BY r.id`;
      return grouped(ids, await reader.rows(Reservation, sql, [ids]), (row) => row.userId);
    }),
    reservationById: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Reservation, "r")}, ${READ_AT} FROM reservations r WHERE r.id = ANY($1::bigint[])`;
      const rows = (await reader.rows(Reservation, sql, [ids])).map(reservationAsOfReading);
      return inKeyOrder(ids, rows, ({ id }) => Number(id));
    }),
    statisticsByUserId: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(UserStatistic, "s")} FROM user_statistics s
        WHERE ${among("s.user_id")} ORDER BY s.statistic, s.primary_option, s.secondary_option`;
      return grouped(ids, await reader.rows(UserStatistic, sql, [ids]), (row) => row.userId);
    }),
    campaignsByUserId: batch<UserCampaign[]>((ids) => loadCampaigns(reader, ids)),
    campaignById: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(Campaign, "c")} FROM campaigns c WHERE ${among("c.id")}`;
      return inKeyOrder(ids, await reader.rows(Campaign, sql, [ids]), (campaign) => campaign.id);
    }),
    viewById: batch(async (ids: readonly number[]) => {
      const sql = `SELECT ${columns(View, "v")} FROM views v WHERE ${among("v.id")}`;
      return inKeyOrder(ids, await reader.rows(View, sql, [ids]), (view) => view.id);
    }),
    viewsByUserId: createViewLoaders(reader, { cache }),
    ...createHistoryLoaders(reader, { cache }),
    timeInStatus: createStatusTimeLoaders(reader, { cache }),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
