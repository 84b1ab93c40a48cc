import type { Permission } from "./vocabulary.js";

/** The permission that an operation requires. */
export interface Requirement {
  /** NONE: no credential. SIGNED_IN: any valid credential. */
  readonly needs: Permission | "SIGNED_IN" | "NONE";
  /** A login session needs no permission when the operation is about its own user. */
  readonly self?: true;
}

/**
 * The permissions of every operation. Names are those of the GraphQL schema; a legacy route uses the name of the
 * operation that it corresponds to. A name with a dot is either a part of an operation with its own permission, or a
 * field with its own permission wherever a query reaches it: a mutation returns the users that it changed, and must not
 * expose all of their fields to callers that cannot read users.
 */
export const permissionTable = {
  introspection: { needs: "SIGNED_IN" },
  introspectionInProduction: { needs: "ADMIN" },
  metrics: { needs: "ADMIN" },

  viewer: { needs: "SIGNED_IN" },
  node: { needs: "SIGNED_IN" },
  nodes: { needs: "SIGNED_IN" },
  statuses: { needs: "SIGNED_IN" },
  groups: { needs: "SIGNED_IN" },
  campaigns: { needs: "SIGNED_IN" },
  views: { needs: "SIGNED_IN" },
  user: { needs: "USER_READ", self: true },
  users: { needs: "USER_READ" },
  agent: { needs: "USER_READ", self: true },
  agents: { needs: "USER_READ" },
  presences: { needs: "USER_READ" },
  auditRecords: { needs: "ADMIN" },
  apiKeys: { needs: "ADMIN" },

  sessions: { needs: "ADMIN", self: true },

  login: { needs: "NONE" },
  logout: { needs: "SIGNED_IN" },
  revokeSession: { needs: "ADMIN", self: true },

  createUser: { needs: "USER_CUD" },
  updateUser: { needs: "USER_CUD" },
  deactivateUser: { needs: "USER_CUD" },
  importUsers: { needs: "ADMIN" },
  registerAgent: { needs: "USER_CUD" },
  removeAgent: { needs: "USER_CUD" },
  setAgentAvailability: { needs: "USER_CUD", self: true },

  setStatus: { needs: "USER_CUD", self: true },
  lockStatus: { needs: "USER_CUD" },
  unlockStatus: { needs: "USER_CUD" },
  heartbeat: { needs: "USER_CUD", self: true },
  reportExternalStatus: { needs: "USER_CUD" },
  reportTelephoneStatus: { needs: "USER_CUD", self: true },

  reserveUserForLiveChannel: { needs: "API_RESERVE_USER" },
  reserveNextAvailable: { needs: "API_RESERVE_USER" },
  acceptReservation: { needs: "API_RESERVE_USER" },
  releaseReservation: { needs: "API_RESERVE_USER" },

  setCampaignState: { needs: "USER_CUD" },
  updateUserSettings: { needs: "USER_CUD", self: true },
  "updateUserSettings.ticketIncognitoMode": {
    needs: "USER_ANONYMOUS_BROWSING_UPDATE",
    self: true,
  },
  updateUserView: { needs: "USER_CUD", self: true },
  addUserStatistic: { needs: "USER_CUD", self: true },
  removeUserStatistic: { needs: "USER_CUD", self: true },
  watchUserStatistic: { needs: "USER_CUD", self: true },
  refreshTab: { needs: "USER_CUD" },

  presenceChanged: { needs: "USER_READ", self: true },
  userChanged: { needs: "USER_READ", self: true },
  settingsChanged: { needs: "USER_READ", self: true },
  reservationChanged: { needs: "USER_READ", self: true },
  tabRefreshed: { needs: "SIGNED_IN" },

  "User.permissions": { needs: "USER_READ", self: true },
  "User.settings": { needs: "USER_READ", self: true },
  "User.statusHistory": { needs: "USER_READ", self: true },
  "User.timeInStatus": { needs: "USER_READ", self: true },

  createStatus: { needs: "ADMIN" },
  updateStatus: { needs: "ADMIN" },
  createGroup: { needs: "ADMIN" },
  updateGroup: { needs: "ADMIN" },
  createCampaign: { needs: "ADMIN" },
  updateCampaign: { needs: "ADMIN" },
  createView: { needs: "ADMIN" },
  updateView: { needs: "ADMIN" },
  createApiKey: { needs: "ADMIN" },
  rotateApiKey: { needs: "ADMIN" },
  revokeApiKey: { needs: "ADMIN" },
} as const satisfies Record<string, Requirement>;

export type Operation = keyof typeof permissionTable;

/** Fields with their own permission, in addition to that of the operation that reaches them. */
export const guardedFields = (Object.keys(permissionTable) as Operation[]).filter((name) =>
  /^[A-Z]\w*\./.test(name),
);

export const requirementOf = (operation: Operation): Requirement => permissionTable[operation];

/** For the descriptions in the schema. */
export function describeRequirement({ needs, self }: Requirement): string {
  if (needs === "NONE") return "Requires no credential.";
  if (needs === "SIGNED_IN") return "Requires any valid credential.";
  return self ? `Requires ${needs}, unless it is about the signed-in user.` : `Requires ${needs}.`;
}
