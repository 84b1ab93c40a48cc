import type { Actor } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import {
  AVAILABLE_STATUS_ID,
  AWAY_STATUS_ID,
  BUSY_STATUS_ID,
  OFFLINE_STATUS_ID,
} from "../../domain/status.js";
import type { Availability, PresenceSource, StatusClass } from "../../domain/vocabulary.js";
import type { User } from "../../entities/user.entity.js";
import { badInput } from "../../errors/domain-error.js";
import type { FullUser } from "../../services/users/legacy-list/legacy-list.service.js";
import type { UserRef } from "../../services/users/user-ref.js";

export const statusWords = ["online", "away", "busy", "offline"] as const;
export type StatusWord = (typeof statusWords)[number];

const wordOfClass: Record<StatusClass, StatusWord> = {
  AVAILABLE: "online",
  AWAY: "away",
  BUSY: "busy",
  OFFLINE: "offline",
};

export const classOfWord: Record<StatusWord, StatusClass> = {
  online: "AVAILABLE",
  away: "AWAY",
  busy: "BUSY",
  offline: "OFFLINE",
};

/** The rows of the catalogue that Rocket.Chat's four words choose. */
export const statusIdOfWord: Record<StatusWord, number> = {
  online: AVAILABLE_STATUS_ID,
  away: AWAY_STATUS_ID,
  busy: BUSY_STATUS_ID,
  offline: OFFLINE_STATUS_ID,
};

export const livechatStatuses = ["available", "not-available"] as const;
export type LivechatStatus = (typeof livechatStatuses)[number];

export const availabilityOf: Record<LivechatStatus, Availability> = {
  available: "AVAILABLE",
  "not-available": "NOT_AVAILABLE",
};

export const toLivechatStatus = (availability: Availability): LivechatStatus =>
  availability === "AVAILABLE" ? "available" : "not-available";

export const fromRocketChatId = (id: string): UserRef => ({
  external: { system: "ROCKET_CHAT", id },
});

/** The ways in which `users.*` name a person. */
export interface UserParams {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly user?: string | undefined;
}

/** Without a name for anybody else: the person behind the credential. */
export function fromUserParams({ userId, username, user }: UserParams, actor: Actor): UserRef {
  if (userId !== undefined) return fromRocketChatId(userId);
  const name = username ?? user;
  return name === undefined ? ownRef(actor) : { username: name };
}

/** @throws BAD_USER_INPUT when nobody stands behind the credential */
export function ownRef({ userId }: Actor): UserRef {
  if (userId !== null) return { id: toGlobalId("User", userId) };
  const text = 'The required "userId" or "username" param was not provided';
  throw badInput([{ path: "userId", message: `${text} [error-user-param-not-provided]` }]);
}

export const toStatus = ({ status }: FullUser): StatusWord => wordOfClass[status.class];

export const toConnectionStatus = ({ presence }: FullUser): "online" | "offline" =>
  presence.online ? "online" : "offline";

/** Rocket.Chat has no lock; what it calls internal is likewise stronger than what a person chose. */
const sourceWords: Record<PresenceSource, "internal" | "manual" | "external" | undefined> = {
  LOCK: "internal",
  INTERNAL: "internal",
  MANUAL: "manual",
  EXTERNAL: "external",
  CONNECTION: undefined,
};

/** Why the status is what it is, and until when. Nothing for what follows from being connected. */
export const toStatusOrigin = ({ presence: { source, changesAt } }: FullUser) => ({
  statusSource: sourceWords[source],
  statusExpiresAt: source === "CONNECTION" ? undefined : (changesAt ?? undefined),
});

const emailsOf = ({ email, emailVerified }: User) =>
  email === null ? [] : [{ address: email, verified: emailVerified }];

const rolesOf = ({ user, agent, isManager }: FullUser): string[] => [
  "user",
  ...(user.permissions.includes("ADMIN") ? ["admin"] : []),
  ...(agent ? ["livechat-agent"] : []),
  ...(isManager ? ["livechat-manager"] : []),
];

export function toLivechatUser(person: FullUser) {
  const { user, agent, settings } = person;
  return {
    _id: user.rocketChatId,
    username: user.username,
    name: user.displayName,
    status: toStatus(person),
    statusLivechat: agent ? toLivechatStatus(agent.availability) : undefined,
    emails: emailsOf(user),
    livechat: agent && { maxNumberSimultaneousChat: String(settings.maxChats) },
  };
}

/** As lists have it: departments are groups. */
export const toListedLivechatUser = (person: FullUser) => ({
  ...toLivechatUser(person),
  departments: person.groupIds.map(String),
});

/** What Rocket.Chat always sends and Rollcall does not keep: its times are in UTC, for everybody. */
const UTC_OFFSET = 0;
const NO_STATUS_TEXT = "";
const NO_PICTURE = "";

export function toUserInfo(person: FullUser) {
  const { user } = person;
  return {
    _id: user.rocketChatId,
    createdAt: user.createdAt,
    username: user.username,
    emails: emailsOf(user),
    type: "user",
    status: toStatus(person),
    active: user.active,
    roles: rolesOf(person),
    name: user.displayName,
    statusConnection: toConnectionStatus(person),
    utcOffset: UTC_OFFSET,
    statusText: NO_STATUS_TEXT,
    ...toStatusOrigin(person),
  };
}

export function toMe(person: FullUser) {
  const { user } = person;
  return {
    _id: user.rocketChatId,
    name: user.displayName,
    emails: emailsOf(user),
    status: toStatus(person),
    statusConnection: toConnectionStatus(person),
    username: user.username,
    utcOffset: UTC_OFFSET,
    active: user.active,
    roles: rolesOf(person),
    language: user.language,
    email: user.emailVerified ? (user.email ?? undefined) : undefined,
    settings: { preferences: {} },
    avatarUrl: NO_PICTURE,
  };
}

export const toPresence = (person: FullUser) => ({
  _id: person.user.rocketChatId,
  name: person.user.displayName,
  username: person.user.username,
  status: toStatus(person),
  utcOffset: UTC_OFFSET,
  statusText: NO_STATUS_TEXT,
  ...toStatusOrigin(person),
});
