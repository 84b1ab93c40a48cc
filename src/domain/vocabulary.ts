/**
 * Pure rules and vocabulary, without I/O. Services decide by them; nothing in this folder imports another folder.
 *
 * This file: the enumerations of the domain. Entities, GraphQL enums, zod schemas and CHECK constraints use them.
 */

export const userKinds = ["STAFF", "CUSTOMER"] as const;
export type UserKind = (typeof userKinds)[number];

export const permissions = [
  "USER_READ",
  "USER_CUD",
  "API_RESERVE_USER",
  "USER_ANONYMOUS_BROWSING_UPDATE",
  "ADMIN",
] as const;
export type Permission = (typeof permissions)[number];

export const externalSystems = ["CLIENTEXEC", "ROCKET_CHAT", "JTEL", "OMNIDESK"] as const;
export type ExternalSystem = (typeof externalSystems)[number];

/** For existing users: FILL writes only empty properties, REPLACE also different ones. */
export const importModes = ["FILL", "REPLACE"] as const;
export type ImportMode = (typeof importModes)[number];

export const importOutcomes = [
  "CREATED",
  "MATCHED",
  "UPDATED",
  "UNCHANGED",
  "CONFLICT",
  "REFUSED",
] as const;
export type ImportOutcome = (typeof importOutcomes)[number];

export const importMatches = ["ID", "EMAIL", "USERNAME"] as const;
export type ImportMatch = (typeof importMatches)[number];

export const livechatRoles = ["AGENT", "MANAGER"] as const;
export type LivechatRole = (typeof livechatRoles)[number];

export const availabilities = ["AVAILABLE", "NOT_AVAILABLE"] as const;
export type Availability = (typeof availabilities)[number];

export const statusClasses = ["AVAILABLE", "BUSY", "AWAY", "OFFLINE"] as const;
export type StatusClass = (typeof statusClasses)[number];

/** What decides a status, strongest first: the order is the rule. */
export const presenceSources = ["LOCK", "INTERNAL", "MANUAL", "EXTERNAL", "CONNECTION"] as const;
export type PresenceSource = (typeof presenceSources)[number];

/** The sources that are stored as rows; a connection is stored as a lease. */
export const claimKinds = ["LOCK", "INTERNAL", "MANUAL", "EXTERNAL"] as const;
export type ClaimKind = (typeof claimKinds)[number];

export const telephoneStatuses = ["FREE", "BUSY", "RINGING"] as const;
export type TelephoneStatus = (typeof telephoneStatuses)[number];

export const reservationStates = ["HELD", "ACCEPTED", "RELEASED", "EXPIRED"] as const;
export type ReservationState = (typeof reservationStates)[number];

/** The API that a change came through; stored in the audit and the status history. */
export const doors = [
  "GRAPHQL",
  "CLIENTEXEC",
  "ROCKET_CHAT",
  "JTEL",
  "OMNIDESK",
  "CLI",
  "SYSTEM",
] as const;
export type Door = (typeof doors)[number];

/** The kinds of author of a change. */
export const actorKinds = ["API_KEY", "SESSION", "SYSTEM", "ANONYMOUS"] as const;
export type ActorKind = (typeof actorKinds)[number];
