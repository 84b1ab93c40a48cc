import type { LegacyConfig } from "../../config/schema.js";
import { displayNameOf } from "../../domain/display-name.js";
import type { StatusClass } from "../../domain/vocabulary.js";
import { mapBatches } from "../../domain/map-batches.js";
import type { ListedColumns, ListedUser } from "../../services/users/legacy-list/service.js";

const MINUTE_MS = 60_000;

/** What the two lists are made of. */
export const clientexecColumns = {
  user: ["clientexecId", "username", "firstname", "lastname", "email", "kind"],
  presence: ["onlineSince", "lastSeenAt", "lastViewModule", "lastViewName", "lastViewTarget"],
  status: ["class"],
  settings: [],
} as const satisfies ListedColumns;

type ClientexecUser = ListedUser<typeof clientexecColumns>;

/** Chat availability as Clientexec counts it: 0 available, 1 busy, 2 away. */
const availabilities: Record<StatusClass, number> = { AVAILABLE: 0, BUSY: 1, AWAY: 2, OFFLINE: 0 };

export const toTimestamp = (time: Date): number => Math.floor(time.getTime() / 1000);

/** Seconds, as text. */
export const toElapsed = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Hours and minutes; days are hours. */
export function toDuration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE_MS));
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** Where somebody is looking; the target may be missing, the rest may not. */
const toLastView = ({
  lastViewModule,
  lastViewName,
  lastViewTarget,
}: ClientexecUser["presence"]) =>
  lastViewModule === null || lastViewName === null
    ? ""
    : { m: lastViewModule, v: lastViewName, t: lastViewTarget ?? "" };

const described = (
  { user }: ClientexecUser,
  standing: { readonly time: string; readonly status: number; readonly color: string },
  { linkTemplate }: LegacyConfig["clientexec"],
) => ({
  id: user.clientexecId,
  name: displayNameOf(user),
  email: user.email ?? "",
  time: standing.time,
  status: standing.status,
  link: linkTemplate.replaceAll("{id}", user.clientexecId),
  color: standing.color,
  type: user.kind === "STAFF" ? "staff" : "customer",
});

export const toOnlineUser = (
  listed: ClientexecUser,
  now: Date,
  config: LegacyConfig["clientexec"],
) => {
  const { presence, status } = listed;
  const standing = {
    time: toDuration(now.getTime() - (presence.onlineSince ?? now).getTime()),
    status: availabilities[status.class],
    color: status.class === "BUSY" ? "red" : "green",
  };
  const lastview = toLastView(presence);
  // Not spread: such objects outlive the collector's small rounds, and there may be a hundred thousand.
  return Object.assign(described(listed, standing, config), { lastview, online: 1 });
};

export const toOfflineUser = (
  listed: ClientexecUser,
  now: Date,
  config: LegacyConfig["clientexec"],
) => {
  const standing = {
    time: toDuration(now.getTime() - (listed.presence.lastSeenAt ?? now).getTime()),
    status: 0,
    color: "yellow",
  };
  return Object.assign(described(listed, standing, config), { online: 0 });
};

export const toOnlineUsers = (
  batches: AsyncIterable<readonly ClientexecUser[]>,
  now: Date,
  config: LegacyConfig["clientexec"],
) => mapBatches(batches, (batch) => batch.map((user) => toOnlineUser(user, now, config)));
