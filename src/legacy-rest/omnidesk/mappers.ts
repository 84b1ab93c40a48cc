import type { Actor } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import { toIsoTime } from "../iso-time.js";
import type { UserStatistic } from "../../entities/user-statistic.entity.js";
import { badInput } from "../../errors/domain-error.js";
import type { FullUser, FullUserColumns } from "../../services/users/legacy-list/service.js";
import { refOfSelf, type UserRef } from "../../services/users/user-ref.js";
import type { HttpReply } from "../dialect.js";

interface WireUserRef {
  readonly userID?: string | number;
  readonly id?: string | number;
  readonly userEmailAddress?: string;
}

const isNumber = (value: string | number | undefined): value is string | number =>
  value !== undefined && value !== "UID";

/**
 * The number takes precedence over the address. Without either, the user of the key is meant.
 *
 * @throws BAD_USER_INPUT when the request names no user and the key has none
 */
export function fromOmnideskUser(actor: Actor, wire: WireUserRef): UserRef {
  const number = wire.userID ?? wire.id;
  if (isNumber(number)) return fromOmnideskId(number);
  if (wire.userEmailAddress !== undefined) return { email: wire.userEmailAddress };
  const self = refOfSelf(actor);
  if (self) return self;
  throw badInput([{ path: "userID", message: "is required: the key belongs to no user" }]);
}

export const fromOmnideskId = (id: string | number): UserRef => ({
  external: { system: "OMNIDESK", id: String(id) },
});

export const fromOmnideskGroups = (groups: readonly number[]): string[] =>
  groups.map((group) => toGlobalId("Group", group));

/** A phone number may be written in groups, and has lost a plus sign that was not encoded. */
export const fromOmnideskQuery = (query: string): string =>
  /^[+\d ]+$/.test(query) ? query.replaceAll(" ", "") : query;

interface WireStatistic {
  readonly statistic: string;
  readonly statisticOption?: string;
  readonly statisticPrimaryOption?: string;
  readonly statisticSecondaryOption?: string;
}

export const fromOmnideskStatistic = (wire: WireStatistic) => ({
  statistic: wire.statistic,
  primaryOption: wire.statisticPrimaryOption ?? wire.statisticOption,
  secondaryOption: wire.statisticSecondaryOption,
});

/** Without a zone, as Omnidesk formats times; they are in UTC. */
export function toOmnideskTime(time: Date): string;
export function toOmnideskTime(time: Date | null): string | null;
export function toOmnideskTime(time: Date | null): string | null {
  return time && toIsoTime(time).slice(0, "2026-11-22T06:04:00".length).replace("T", " ");
}

export const done = (message: string, more: object = {}): HttpReply => ({
  status: 200,
  body: { type: "result", message, ...more },
});

/** The columns that its list returns. */
export const omnideskColumns: FullUserColumns = {
  user: new Set([
    "omnideskId",
    "username",
    "firstname",
    "lastname",
    "email",
    "telephone",
    "active",
    "kind",
    "language",
    "dateFormat",
    "createdAt",
    "updatedAt",
  ]),
  presence: new Set(["leaseUntil", "lastSeenAt", "since", "changesAt"]),
  status: new Set(["id", "name"]),
  lock: new Set(["statusId", "reason", "setAt", "until"]),
  settings: new Set(["maxChats"]),
  agent: new Set(),
};

export const toOmnideskShortUser = ({ user }: FullUser) => ({
  id: user.omnideskId,
  name: user.username,
  firstname: user.firstname ?? "",
  lastname: user.lastname ?? "",
  email: user.email ?? "",
  telephone: user.telephone ?? "",
  active: user.active,
});

export const toOmnideskUser = (fullUser: FullUser) => {
  const { user, presence, status, lock, settings, groupIds } = fullUser;
  // Object.assign instead of a literal that starts with a spread, which V8 builds one property at a time and
  // which took most of a list's time.
  return Object.assign(toOmnideskShortUser(fullUser), {
    type: user.kind.toLowerCase(),
    language: user.language,
    date_format: user.dateFormat,
    groups: groupIds,
    max_chats: settings.maxChats,
    online: presence.online,
    last_seen: toOmnideskTime(presence.lastSeenAt),
    status: {
      id: status.id,
      name: status.name,
      since: toOmnideskTime(presence.since),
      until: toOmnideskTime(presence.changesAt),
    },
    lock: lock && {
      status_id: lock.statusId,
      reason: lock.reason ?? "",
      locked_at: toOmnideskTime(lock.setAt),
      until: toOmnideskTime(lock.until),
    },
    created: toOmnideskTime(user.createdAt),
    updated: toOmnideskTime(user.updatedAt),
  });
};

export const toOmnideskSettings = (
  { user, settings }: FullUser,
  statistics: readonly UserStatistic[],
) => ({
  user_id: user.omnideskId,
  language: user.language,
  date_format: user.dateFormat,
  max_chats: settings.maxChats,
  chat_sound_new_message: settings.chatSoundNewMessage,
  notify_on_ticket_assignment: settings.notifyOnTicketAssignment,
  ticket_incognito_mode: settings.ticketIncognitoMode,
  calls_auto_answer: settings.callsAutoAnswer,
  telephone_calls_forwarding: settings.telephoneCallsForwarding,
  use_web_mail: settings.useWebMail,
  use_web_email: settings.useWebEmail,
  statistics: statistics.map((figure) => ({
    statistic: figure.statistic,
    primary_option: figure.primaryOptionText,
    secondary_option: figure.secondaryOptionText,
    watched: figure.watched,
  })),
});
