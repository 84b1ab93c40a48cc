import type { z } from "zod";
import { fromGlobalId } from "../../domain/global-id.js";
import { type EventFilter, type LoggedEvent, subjectUserId } from "../../outbox/event.js";
import { groupKey } from "../users/group-membership.js";
import type { PresenceChangedPayload } from "../presence/transition.js";
import { type presenceFilter, userKeys } from "../presence/presence-list.js";

/** The events of a topic that a subscription covers. */
export type SubscriptionScope = Pick<EventFilter, "subjects" | "matches">;

/** The payload of `presenceChanged`: the presence before and after the change. */
export const presenceChangeOf = ({ payload }: LoggedEvent): PresenceChangedPayload =>
  payload as unknown as PresenceChangedPayload;

/** The user of an event, for topics whose events are about users. */
export const userIdOf = (event: LoggedEvent): number => subjectUserId(event) ?? 0;

export const reservationIdOf = ({ payload }: LoggedEvent): number =>
  Number(typeof payload.id === "string" ? fromGlobalId(payload.id)?.key : 0);

/** @param ids the global ids of users; null or undefined: all users */
export function userScope(ids: readonly string[] | null | undefined): SubscriptionScope {
  if (!ids) return { subjects: null, matches: () => true };
  const keys = new Set(userKeys(ids));
  return { subjects: ids, matches: (event) => keys.has(userIdOf(event)) };
}

/**
 * Matches a change if the presence fits the filter before or after it: a subscriber keeps a list of the
 * matching presences correct only if it also receives those that no longer match.
 *
 * @throws NOT_FOUND when `groupId` is not the id of a group
 */
export function presenceScope(filter: z.output<typeof presenceFilter>): SubscriptionScope {
  const { online, statusClass, statusId, kind, groupId, userIds, locked } = filter;
  const users = userScope(userIds);
  const conditions = [users.matches];
  if (kind) conditions.push(({ user }) => user?.kind === kind);
  if (typeof groupId === "string") {
    const group = groupKey(groupId);
    conditions.push(({ user }) => user?.groupIds.includes(group) === true);
  }
  type Moment = 0 | 1;
  const beforeOrAfter = (
    fits: (change: PresenceChangedPayload, moment: Moment, event: LoggedEvent) => boolean,
  ) =>
    conditions.push((event) => {
      const change = presenceChangeOf(event);
      return fits(change, 0, event) || fits(change, 1, event);
    });
  const statusAt = ({ from, to }: PresenceChangedPayload, moment: Moment) =>
    moment === 0 ? from : to;
  if (typeof statusId === "number")
    beforeOrAfter((change, moment) => statusAt(change, moment) === statusId);
  if (statusClass) {
    beforeOrAfter((change, moment, { statusClasses }) => {
      const classAt = statusClasses.get(statusAt(change, moment));
      return classAt !== undefined && statusClass.includes(classAt);
    });
  }
  if (typeof online === "boolean")
    beforeOrAfter((change, moment) => change.online[moment] === online);
  if (typeof locked === "boolean")
    beforeOrAfter((change, moment) => change.locked[moment] === locked);
  return {
    subjects: users.subjects,
    matches: (event) => conditions.every((fits) => fits(event)),
  };
}
