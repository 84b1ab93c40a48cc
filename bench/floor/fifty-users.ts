import { cursorKey, displayName, globalId, isoTime, json } from "./json.js";
import type { Connections, Text } from "./statement.js";
import { STATUS_IN_EFFECT } from "./status-sql.js";

/** MATERIALIZED, or Postgres would join whole tables. */
const statement = {
  name: "fifty-users",
  text: `
    WITH page AS MATERIALIZED (
      SELECT id, username, firstname, lastname, lower(username) AS place FROM users
      WHERE lower(username) > $1 ORDER BY lower(username) LIMIT 50
    ), member AS MATERIALIZED (
      SELECT m.user_id, string_agg(to_json(g.name)::text, '},{"name":' ORDER BY lower(g.name)) AS names
      FROM page JOIN group_members m ON m.user_id = page.id JOIN groups g ON g.id = m.group_id
      GROUP BY m.user_id
    )
    SELECT page.id, page.username, page.firstname, page.lastname, a.availability, t.name, l.user_id,
           l.reason, l.set_at, l.until, member.names
    FROM page
    JOIN presences p ON p.user_id = page.id
    JOIN statuses t ON t.id = ${STATUS_IN_EFFECT}
    LEFT JOIN agents a ON a.user_id = page.id
    LEFT JOIN presence_claims l ON l.user_id = page.id AND l.kind = 'LOCK' AND (l.until IS NULL OR l.until > now())
    LEFT JOIN member ON member.user_id = page.id
    ORDER BY page.place`,
  types: ["text"],
};

type Row = [
  id: string,
  username: string,
  firstname: Text,
  lastname: Text,
  availability: Text,
  status: string,
  lockedId: Text,
  reason: Text,
  lockedAt: Text,
  until: Text,
  groups: Text,
];

function toNode(row: Row): string {
  const [
    id,
    username,
    firstname,
    lastname,
    availability,
    status,
    lockedId,
    reason,
    at,
    until,
    groups,
  ] = row;
  const agent = availability === null ? "null" : `{"availability":"${availability}"}`;
  const lock =
    lockedId === null
      ? "null"
      : `{"reason":${json(reason)},"lockedAt":${isoTime(at)},"until":${isoTime(until)}}`;
  const list = groups === null ? "" : `{"name":${groups}}`;
  return `{"id":"${globalId("User", id)}","displayName":${displayName(firstname, lastname, username)},"agent":${agent},"presence":{"status":{"name":${json(status)}},"lock":${lock}},"groups":[${list}]}`;
}

export async function fiftyUsers(
  connections: Connections,
  { after }: { after: string },
): Promise<string> {
  const rows = await connections.query<Row>(statement, [cursorKey(after)]);
  return `{"data":{"users":{"nodes":[${rows.map(toNode).join()}]}}}`;
}
