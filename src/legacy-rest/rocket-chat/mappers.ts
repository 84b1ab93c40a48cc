import type { Actor } from "../../domain/actor.js";
import {
  AVAILABLE_STATUS_ID,
  AWAY_STATUS_ID,
  BUSY_STATUS_ID,
  OFFLINE_STATUS_ID,
} from "../../domain/status.js";
import type { Availability, PresenceSource, StatusClass } from "../../domain/vocabulary.js";
import type { User } from "../../entities/user.entity.js";
import { badInput } from "../../errors/domain-error.js";
import type { FullUser } from "../../services/users/legacy-list/service.js";
import { refOfSelf, type UserRef } from "../../services/users/user-ref.js";

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

/** The statuses of the catalogue that Rocket.Chat's four words select. */
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

/** The parameters by which `users.*` name a user. */
export interface UserParams {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly user?: string | undefined;
}

/** Without a parameter: the user of the credential. */
export function fromUserParams({ userId, username, user }: UserParams, actor: Actor): UserRef {
  if (userId !== undefined) return fromRocketChatId(userId);
  const name = username ?? user;
  return name === undefined ? ownRef(actor) : { username: name };
}

/** @throws BAD_USER_INPUT when the credential belongs to no user */
export function ownRef(actor: Actor): UserRef {
  const ref = refOfSelf(actor);
  if (ref) return ref;
  const text = 'The required "userId" or "username" param was not provided';
  throw badInput([{ path: "userId", message: `${text} [error-user-param-not-provided]` }]);
}

export const toStatus = ({ status }: FullUser): StatusWord => wordOfClass[status.class];

export const toConnectionStatus = ({ presence }: FullUser): "online" | "offline" =>
  presence.online ? "online" : "offline";

/** Rocket.Chat has no lock; its internal status is likewise stronger than a manual one. */
const sourceWords: Record<PresenceSource, "internal" | "manual" | "external" | undefined> = {
  LOCK: "internal",
  INTERNAL: "internal",
  MANUAL: "manual",
  EXTERNAL: "external",
  CONNECTION: undefined,
};

/** The reason for the status, and when it ends. Empty when it follows from being connected. */
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

export function toLivechatUser(fullUser: FullUser) {
  const { user, agent, settings } = fullUser;
  return {
    _id: user.rocketChatId,
    username: user.username,
    name: user.displayName,
    status: toStatus(fullUser),
    statusLivechat: agent ? toLivechatStatus(agent.availability) : undefined,
    emails: emailsOf(user),
    livechat: agent && { maxNumberSimultaneousChat: String(settings.maxChats) },
  };
}

/** The record of a list; departments are groups. */
export const toListedLivechatUser = (fullUser: FullUser) => ({
  ...toLivechatUser(fullUser),
  departments: fullUser.groupIds.map(String),
});

/** Properties that Rocket.Chat always sends and Rollcall does not store. Times are in UTC for all users. */
const UTC_OFFSET = 0;
const NO_STATUS_TEXT = "";
const NO_PICTURE = "";

export function toUserInfo(fullUser: FullUser) {
  const { user } = fullUser;
  return {
    _id: user.rocketChatId,
    createdAt: user.createdAt,
    username: user.username,
    emails: emailsOf(user),
    type: "user",
    status: toStatus(fullUser),
    active: user.active,
    roles: rolesOf(fullUser),
    name: user.displayName,
    statusConnection: toConnectionStatus(fullUser),
    utcOffset: UTC_OFFSET,
    statusText: NO_STATUS_TEXT,
    ...toStatusOrigin(fullUser),
  };
}

export function toMe(fullUser: FullUser) {
  const { user } = fullUser;
  return {
    _id: user.rocketChatId,
    name: user.displayName,
    emails: emailsOf(user),
    status: toStatus(fullUser),
    statusConnection: toConnectionStatus(fullUser),
    username: user.username,
    utcOffset: UTC_OFFSET,
    active: user.active,
    roles: rolesOf(fullUser),
    language: user.language,
    email: user.emailVerified ? (user.email ?? undefined) : undefined,
    settings: { preferences: {} },
    avatarUrl: NO_PICTURE,
  };
}

export const toPresence = (fullUser: FullUser) => ({
  _id: fullUser.user.rocketChatId,
  name: fullUser.user.displayName,
  username: fullUser.user.username,
  status: toStatus(fullUser),
  utcOffset: UTC_OFFSET,
  statusText: NO_STATUS_TEXT,
  ...toStatusOrigin(fullUser),
});
