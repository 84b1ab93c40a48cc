import type { z } from "zod";
import { fromGlobalId } from "../../domain/global-id.js";
import type { LoggedEvent } from "../../outbox/logged-event.js";
import { subjectUserId } from "../../outbox/log.js";
import { groupKey } from "../users/group-membership.js";
import type { PresenceNews } from "../presence/writing.js";
import { type presenceFilter, userKeys } from "../presence/presence-list.js";

export type WantsEvent = (event: LoggedEvent) => boolean;

/** What the event of a presence says: how things stood, and how they stand since. */
export const presenceChangeOf = ({ payload }: LoggedEvent): PresenceNews =>
  payload as unknown as PresenceNews;

/** Whom it is about, for topics that are about people. */
export const userIdOf = (event: LoggedEvent): number => subjectUserId(event) ?? 0;

export const reservationIdOf = ({ payload }: LoggedEvent): number =>
  Number(typeof payload.id === "string" ? fromGlobalId(payload.id)?.key : 0);

/** These people only; null or undefined: everybody. */
export function aboutUsers(ids: readonly string[] | null | undefined): WantsEvent {
  if (!ids) return () => true;
  const keys = new Set(userKeys(ids));
  return (event) => keys.has(userIdOf(event));
}

/**
 * Who comes into what the filter describes and who leaves it are both told of, so that a list of those
 * within stays right.
 *
 * @throws NOT_FOUND for anything but the id of a group
 */
export function aboutPresences(filter: z.output<typeof presenceFilter>): WantsEvent {
  const { online, statusClass, statusId, kind, groupId, userIds, locked } = filter;
  const parts: WantsEvent[] = [aboutUsers(userIds)];
  if (kind) parts.push(({ person }) => person?.kind === kind);
  if (typeof groupId === "string") {
    const group = groupKey(groupId);
    parts.push(({ person }) => person?.groupIds.includes(group) === true);
  }
  const within = (isWithin: (change: PresenceNews, moment: 0 | 1, event: LoggedEvent) => boolean) =>
    parts.push((event) => {
      const change = presenceChangeOf(event);
      return isWithin(change, 0, event) || isWithin(change, 1, event);
    });
  const statusAt = ({ from, to }: PresenceNews, moment: 0 | 1) => (moment === 0 ? from : to);
  if (typeof statusId === "number")
    within((change, moment) => statusAt(change, moment) === statusId);
  if (statusClass) {
    within((change, moment, { statusClasses }) => {
      const classAt = statusClasses.get(statusAt(change, moment));
      return classAt !== undefined && statusClass.includes(classAt);
    });
  }
  if (typeof online === "boolean") within((change, moment) => change.online[moment] === online);
  if (typeof locked === "boolean") within((change, moment) => change.locked[moment] === locked);
  return (event) => parts.every((isWanted) => isWanted(event));
}
