import type { LegacyConfig } from "../../config/schema.js";
import { displayNameOf } from "../../domain/display-name.js";
import type { StatusClass } from "../../domain/vocabulary.js";
import { mapBatches } from "../../domain/map-batches.js";
import type { ListedColumns, ListedUser } from "../../services/users/legacy-list/service.js";

const MINUTE_MS = 60_000;

/** The columns of both lists. */
export const clientexecColumns = {
  user: ["clientexecId", "username", "firstname", "lastname", "email", "kind"],
  presence: ["onlineSince", "lastSeenAt", "lastViewModule", "lastViewName", "lastViewTarget"],
  status: ["class"],
  settings: [],
} as const satisfies ListedColumns;

type ClientexecUser = ListedUser<typeof clientexecColumns>;

/** Chat availability in Clientexec's numbers: 0 available, 1 busy, 2 away. */
const availabilities: Record<StatusClass, number> = { AVAILABLE: 0, BUSY: 1, AWAY: 2, OFFLINE: 0 };

export const toTimestamp = (time: Date): number => Math.floor(time.getTime() / 1000);

/** Seconds, as text. */
export const toElapsed = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Hours and minutes; days are given in hours. */
export function toDuration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE_MS));
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** The last view. Its target may be missing, module and view may not. */
const toLastView = ({
  lastViewModule,
  lastViewName,
  lastViewTarget,
}: ClientexecUser["presence"]) =>
  lastViewModule === null || lastViewName === null
    ? ""
    : { m: lastViewModule, v: lastViewName, t: lastViewTarget ?? "" };

const commonFields = (
  { user }: ClientexecUser,
  state: { readonly time: string; readonly status: number; readonly color: string },
  { linkTemplate }: LegacyConfig["clientexec"],
) => ({
  id: user.clientexecId,
  name: displayNameOf(user),
  email: user.email ?? "",
  time: state.time,
  status: state.status,
  link: linkTemplate.replaceAll("{id}", user.clientexecId),
  color: state.color,
  type: user.kind === "STAFF" ? "staff" : "customer",
});

export const toOnlineUser = (
  listed: ClientexecUser,
  now: Date,
  config: LegacyConfig["clientexec"],
) => {
  const { presence, status } = listed;
  const state = {
    time: toDuration(now.getTime() - (presence.onlineSince ?? now).getTime()),
    status: availabilities[status.class],
    color: status.class === "BUSY" ? "red" : "green",
  };
  const lastview = toLastView(presence);
  // Object.assign instead of a spread: these objects live longer than the garbage collector's young generation,
  // and there may be a hundred thousand.
  return Object.assign(commonFields(listed, state, config), { lastview, online: 1 });
};

export const toOfflineUser = (
  listed: ClientexecUser,
  now: Date,
  config: LegacyConfig["clientexec"],
) => {
  const state = {
    time: toDuration(now.getTime() - (listed.presence.lastSeenAt ?? now).getTime()),
    status: 0,
    color: "yellow",
  };
  return Object.assign(commonFields(listed, state, config), { online: 0 });
};

export const toOnlineUsers = (
  batches: AsyncIterable<readonly ClientexecUser[]>,
  now: Date,
  config: LegacyConfig["clientexec"],
) => mapBatches(batches, (batch) => batch.map((user) => toOnlineUser(user, now, config)));
