import type { LegacyConfig } from "../../config.js";
import type { StatusClass } from "../../domain/vocabulary.js";
import { mapBatches } from "../../map-batches.js";
import type { ListedPerson } from "../../services/people-moment.js";

const MINUTE_MS = 60_000;

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
const toLastView = ({ lastViewModule, lastViewName, lastViewTarget }: ListedPerson["presence"]) =>
  lastViewModule === null || lastViewName === null
    ? ""
    : { m: lastViewModule, v: lastViewName, t: lastViewTarget ?? "" };

const described = (
  { user }: ListedPerson,
  standing: { readonly time: string; readonly status: number; readonly color: string },
  { linkTemplate }: LegacyConfig["clientexec"],
) => ({
  id: user.clientexecId,
  name: user.displayName,
  email: user.email ?? "",
  time: standing.time,
  status: standing.status,
  link: linkTemplate.replaceAll("{id}", user.clientexecId),
  color: standing.color,
  type: user.kind === "STAFF" ? "staff" : "customer",
});

export const toOnlineUser = (person: ListedPerson, config: LegacyConfig["clientexec"]) => {
  const { presence, statusClass } = person;
  const { readAt, onlineSince } = presence;
  const standing = {
    time: toDuration(readAt.getTime() - (onlineSince ?? readAt).getTime()),
    status: availabilities[statusClass],
    color: statusClass === "BUSY" ? "red" : "green",
  };
  const lastview = toLastView(presence);
  // Not spread: such objects outlive the collector's small rounds, and there may be a hundred thousand.
  return Object.assign(described(person, standing, config), { lastview, online: 1 });
};

export const toOfflineUser = (person: ListedPerson, config: LegacyConfig["clientexec"]) => {
  const { readAt, lastSeenAt } = person.presence;
  const standing = {
    time: toDuration(readAt.getTime() - (lastSeenAt ?? readAt).getTime()),
    status: 0,
    color: "yellow",
  };
  return Object.assign(described(person, standing, config), { online: 0 });
};

export const toOnlineUsers = (
  batches: AsyncIterable<readonly ListedPerson[]>,
  config: LegacyConfig["clientexec"],
) => mapBatches(batches, (people) => people.map((person) => toOnlineUser(person, config)));
