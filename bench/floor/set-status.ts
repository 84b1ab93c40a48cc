import { globalId, isoTime, json, keyOf } from "./json.js";
import type { Connections, Text } from "./statement.js";
import { STATUS_IN_EFFECT } from "./status-sql.js";

interface Source {
  readonly from: string;
  readonly user: string;
  readonly status: string;
  readonly request: string;
  readonly target: string;
  readonly number: string;
}

/**
 * The writes of a manual status in one statement, which is a transaction of its own: it deletes the earlier choices, inserts
 * the new one, updates the presence, and writes history, audit record and event. It reads the claims before it holds the
 * lock of the presence, which a correct gateway must not do, and checks no permissions.
 */
const textOf = ({ from, user, status, request, target, number }: Source): string => `
    WITH presence AS (
      SELECT p.user_id, ${STATUS_IN_EFFECT} AS status_id, p.since, p.lease_until > now() IS TRUE AS online,
             ${status} AS chosen, ${request} AS request, ${target} AS target, ${number} AS number
      FROM ${from} JOIN users u ON u.id = p.user_id
      WHERE p.user_id = ${user} AND u.active AND NOT EXISTS (
        SELECT FROM presence_claims c WHERE c.user_id = p.user_id AND c.kind IN ('LOCK', 'INTERNAL') AND (c.until IS NULL OR c.until > now()))
      FOR UPDATE OF p
    ), chosen AS (
      SELECT presence.*, t.id AS chosen_id, t.name, date_trunc('milliseconds', clock_timestamp()) AS now
      FROM presence JOIN statuses t ON t.id = presence.chosen AND t.selectable
    ), deleted AS (
      DELETE FROM presence_claims c USING chosen
      WHERE c.user_id = chosen.user_id AND (c.kind = 'MANUAL' OR c.until <= chosen.now)
    ), claim AS (
      INSERT INTO presence_claims (user_id, kind, status_id, set_at) SELECT user_id, 'MANUAL', chosen_id, now FROM chosen
    ), settled AS (
      UPDATE presences p SET status_id = chosen_id, source = 'MANUAL', changes_at = NULL, plan = '[]',
        since = CASE WHEN chosen.status_id = chosen_id THEN chosen.since ELSE chosen.now END,
        lease_until = CASE WHEN chosen.online THEN p.lease_until END
      FROM chosen WHERE p.user_id = chosen.user_id
    ), history AS (
      INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door)
      SELECT user_id, now, status_id, chosen_id, 'MANUAL', 'setStatus', 'floor', 'GRAPHQL' FROM chosen
      WHERE status_id <> chosen_id
    ), audit AS (
      INSERT INTO audit_records (actor_kind, actor, door, request_id, action, target_type, target_id, before, after)
      SELECT 'ANONYMOUS', 'floor', 'GRAPHQL', request, 'setStatus', 'User', target,
             jsonb_build_object('statusInEffect', status_id),
             jsonb_build_object('statusId', chosen_id, 'statusInEffect', chosen_id)
      FROM chosen
    ), event AS (
      INSERT INTO events (topic, subject, payload)
      SELECT 'presenceChanged', target, jsonb_build_object(
        'at', to_char(now, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'from', status_id, 'to', chosen_id,
        'online', jsonb_build_array(online, online), 'locked', jsonb_build_array(false, false), 'cause', 'setStatus')
      FROM chosen
    )
    SELECT name, number FROM chosen`;

export const statement = {
  name: "set-status",
  types: ["integer", "integer", "text", "text"],
  text: textOf({
    from: "presences p",
    user: "$1",
    status: "$2::integer",
    request: "$3::text",
    target: "$4::text",
    number: "1",
  }),
  shared: textOf({
    from: `unnest($1::integer[], $2::integer[], $3::text[], $4::text[]) WITH ORDINALITY
      k(user_id, status, request, target, number) JOIN presences p ON p.user_id = k.user_id`,
    user: "k.user_id",
    status: "k.status",
    request: "k.request",
    target: "k.target",
    number: "k.number",
  }),
};

interface Variables {
  readonly input: { readonly user: { readonly id: string }; readonly statusId: number };
}

let requests = 0;

export async function setStatus(connections: Connections, { input }: Variables): Promise<string> {
  const key = keyOf(input.user.id);
  const values = [key, input.statusId, `floor-${++requests}`, globalId("User", String(key))];
  const [row] = await connections.query<[name: Text]>(statement, values);
  if (!row) return `{"errors":[{"message":"refused"}],"data":null}`;
  return `{"data":{"setStatus":{"applied":true,"presence":{"status":{"name":${json(row[0])}},"source":"MANUAL","until":${isoTime(null)}}}}}`;
}
