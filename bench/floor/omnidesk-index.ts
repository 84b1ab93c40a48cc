import { json } from "./json.js";
import type { Connections, Text } from "./statement.js";
import { STATUS_IN_EFFECT } from "./status-sql.js";

const statement = {
  name: "omnidesk-index",
  text: `
    WITH page AS MATERIALIZED (
      SELECT * FROM users ORDER BY lower(username), id LIMIT $2 OFFSET $1
    ), member AS MATERIALIZED (
      SELECT m.user_id, string_agg(m.group_id::text, ',' ORDER BY m.group_id) AS ids
      FROM page JOIN group_members m ON m.user_id = page.id GROUP BY m.user_id
    )
    SELECT (SELECT count(*) FROM users), page.omnidesk_id, page.username, page.firstname, page.lastname, page.email,
           page.telephone, page.active::text, page.kind, page.language, page.date_format, member.ids, s.max_chats,
           (p.lease_until > now() IS TRUE)::text, p.last_seen_at, t.id, t.name, p.since, p.changes_at,
           l.status_id, l.reason, l.set_at, l.until, page.created_at, page.updated_at
    FROM page
    JOIN presences p ON p.user_id = page.id
    JOIN statuses t ON t.id = ${STATUS_IN_EFFECT}
    JOIN user_settings s ON s.user_id = page.id
    LEFT JOIN presence_claims l ON l.user_id = page.id AND l.kind = 'LOCK' AND (l.until IS NULL OR l.until > now())
    LEFT JOIN member ON member.user_id = page.id
    ORDER BY lower(page.username), page.id`,
  types: ["bigint", "bigint"],
};

type Row = [
  total: string,
  id: string,
  username: string,
  firstname: Text,
  lastname: Text,
  email: Text,
  telephone: Text,
  active: string,
  kind: string,
  language: string,
  dateFormat: string,
  groups: Text,
  maxChats: string,
  online: string,
  lastSeen: Text,
  statusId: string,
  status: string,
  since: string,
  changesAt: Text,
  lockStatusId: Text,
  reason: Text,
  lockedAt: string,
  lockedUntil: Text,
  created: string,
  updated: string,
];

const time = (text: Text): string => (text === null ? "null" : `"${text.slice(0, 19)}"`);

function toUser(row: Row): string {
  // prettier-ignore
  const [, id, username, firstname, lastname, email, telephone, active, kind, language, dateFormat, groups,
    maxChats, online, lastSeen, statusId, status, since, changesAt,
    lockStatusId, reason, lockedAt, lockedUntil, created, updated] = row;
  const lock =
    lockStatusId === null
      ? "null"
      : `{"status_id":${lockStatusId},"reason":${json(reason ?? "")},"locked_at":${time(lockedAt)},"until":${time(lockedUntil)}}`;
  return `{"id":${id},"name":${json(username)},"firstname":${json(firstname ?? "")},"lastname":${json(lastname ?? "")},"email":${json(email ?? "")},"telephone":${json(telephone ?? "")},"active":${active},"type":"${kind.toLowerCase()}","language":${json(language)},"date_format":${json(dateFormat)},"groups":[${groups ?? ""}],"max_chats":${maxChats},"online":${online},"last_seen":${time(lastSeen)},"status":{"id":${statusId},"name":${json(status)},"since":${time(since)},"until":${time(changesAt)}},"lock":${lock},"created":${time(created)},"updated":${time(updated)}}`;
}

export async function omnideskIndex(
  connections: Connections,
  query: URLSearchParams,
): Promise<string> {
  const [start, limit] = [Number(query.get("itemStart")), Number(query.get("itemLimit"))];
  const rows = await connections.query<Row>(statement, [start, limit]);
  return `{"type":"list","itemStart":${start},"itemTotal":${rows[0]?.[0] ?? 0},"itemLimit":${limit},"items":[${rows.map(toUser).join()}]}`;
}
