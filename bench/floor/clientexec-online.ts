import { displayName, json } from "./json.js";
import type { Connections, Text } from "./statement.js";
import { STATUS_IN_EFFECT } from "./status-sql.js";

const COLUMNS = `u.clientexec_id, u.username, u.firstname, u.lastname, u.email, u.kind,
  floor(extract(epoch FROM now() - %since) / 60)::text, t.class, p.last_view_module, p.last_view_name, p.last_view_target`;

const FROM = `presences p JOIN users u ON u.id = p.user_id JOIN statuses t ON t.id = ${STATUS_IN_EFFECT}`;

const onlineUsers = {
  name: "clientexec-online",
  text: `SELECT ${COLUMNS.replace("%since", "p.online_since")} FROM ${FROM}
    WHERE p.lease_until > now() ORDER BY u.clientexec_id`,
  types: [],
};

const offlineUsers = {
  name: "clientexec-offline",
  text: `SELECT ${COLUMNS.replace("%since", "p.last_seen_at")} FROM ${FROM}
    WHERE (p.lease_until IS NULL OR p.lease_until <= now()) AND p.last_seen_at > now() - interval '24 hours'
    ORDER BY p.last_seen_at DESC, u.id DESC LIMIT 100`,
  types: [],
};

type Row = [
  id: string,
  username: string,
  firstname: Text,
  lastname: Text,
  email: Text,
  kind: string,
  minutes: string,
  statusClass: string,
  module: Text,
  view: Text,
  target: Text,
];

function duration(minutes: number): string {
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

function described(row: Row, status: number, color: string): string {
  const [id, username, firstname, lastname, email, kind, minutes] = row;
  return `{"id":"${id}","name":${displayName(firstname, lastname, username)},"email":${json(email ?? "")},"time":"${duration(Number(minutes))}","status":${status},"link":"/users/${id}","color":"${color}","type":"${kind === "STAFF" ? "staff" : "customer"}"`;
}

const statuses: Record<string, number> = { AVAILABLE: 0, BUSY: 1, AWAY: 2, OFFLINE: 0 };

function toOnline(row: Row): string {
  const [module, view, target] = row.slice(8) as [Text, Text, Text];
  const lastView =
    module === null || view === null
      ? `""`
      : `{"m":${json(module)},"v":${json(view)},"t":${json(target ?? "")}}`;
  const color = row[7] === "BUSY" ? "red" : "green";
  return `${described(row, statuses[row[7]] ?? 0, color)},"lastview":${lastView},"online":1}`;
}

const toOffline = (row: Row): string => `${described(row, 0, "yellow")},"online":0}`;

export async function clientexecOnline(connections: Connections): Promise<string> {
  const startedAt = Date.now();
  const [online, offline] = await Promise.all([
    connections.query<Row>(onlineUsers, []),
    connections.query<Row>(offlineUsers, []),
  ]);
  const elapsed = ((Date.now() - startedAt) / 1000).toFixed(3);
  return `{"timestamp":${Math.floor(startedAt / 1000)},"staff":[],"customers":[],"count":${online.length},"offlinecount":${offline.length},"users":[${online.map(toOnline).join()}],"offlineusers":[${offline.map(toOffline).join()}],"superadmin":0,"self":0,"elapsed":"${elapsed}","message":""}`;
}
