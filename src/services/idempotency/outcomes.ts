import type { ImportFault } from "../../domain/user-import.js";
import { Agent } from "../../entities/agent.entity.js";
import { ApiKey } from "../../entities/api-key.entity.js";
import { Campaign, UserCampaign } from "../../entities/campaign.entity.js";
import { Group } from "../../entities/group.entity.js";
import { LoginSession } from "../../entities/login-session.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import { Reservation } from "../../entities/reservation.entity.js";
import { Status } from "../../entities/status.entity.js";
import { UserSettings } from "../../entities/user-settings.entity.js";
import { UserStatistic } from "../../entities/user-statistic.entity.js";
import { User } from "../../entities/user.entity.js";
import { UserView, View } from "../../entities/view.entity.js";
import { as, date, entity, json, list, nothing, object } from "../../domain/codec.js";
import { outcomeType } from "../../database/changes/outcome.js";
import type { CreatedApiKey, RotatedApiKey } from "../credentials/api-key.service.js";
import type { ImportResult } from "../users/import/import.service.js";
import type { StatusOutcome } from "../presence/presence.service.js";

const agent = entity(Agent, {
  userId: "userId",
  availability: "availability",
  registeredAt: date("registeredAt"),
});

const apiKey = entity(ApiKey, {
  id: "id",
  name: "name",
  prefix: "prefix",
  generation: "generation",
  permissions: "permissions",
  ownerUserId: "ownerUserId",
  createdAt: date("createdAt"),
  expiresAt: date("expiresAt"),
  lastUsedAt: date("lastUsedAt"),
  revokedAt: date("revokedAt"),
});

const session = entity(LoginSession, {
  id: "id",
  userId: "userId",
  address: "address",
  createdAt: date("createdAt"),
  expiresAt: date("expiresAt"),
  lastUsedAt: date("lastUsedAt"),
  revokedAt: date("revokedAt"),
});

const presence = entity(Presence, {
  userId: "userId",
  statusId: "statusId",
  source: "source",
  since: date("since"),
  changesAt: date("changesAt"),
  plan: as("plan", json()),
  leaseUntil: date("leaseUntil"),
  onlineSince: date("onlineSince"),
  lastSeenAt: date("lastSeenAt"),
  lastRequestedAt: date("lastRequestedAt"),
  lastViewModule: "lastViewModule",
  lastViewName: "lastViewName",
  lastViewTarget: "lastViewTarget",
  telephoneStatus: "telephoneStatus",
  telephoneChangedAt: date("telephoneChangedAt"),
  readAt: date("readAt"),
  duePlan: as("duePlan", json()),
});

const reservation = entity(Reservation, {
  id: "id",
  userId: "userId",
  channel: "channel",
  state: "state",
  heldAt: date("heldAt"),
  expiresAt: date("expiresAt"),
  fencingToken: "fencingToken",
  reservedBy: "reservedBy",
  readAt: date("readAt"),
});

const status = entity(Status, {
  id: "id",
  name: "name",
  class: "class",
  color: "color",
  selectable: "selectable",
  position: "position",
});

const settings = entity(UserSettings, {
  userId: "userId",
  maxChats: "maxChats",
  chatSoundNewMessage: "chatSoundNewMessage",
  notifyOnTicketAssignment: "notifyOnTicketAssignment",
  ticketIncognitoMode: "ticketIncognitoMode",
  callsAutoAnswer: "callsAutoAnswer",
  telephoneCallsForwarding: "telephoneCallsForwarding",
  useWebMail: "useWebMail",
  useWebEmail: "useWebEmail",
});

const statistic = entity(UserStatistic, {
  userId: "userId",
  statistic: "statistic",
  primaryOptionText: "primaryOptionText",
  secondaryOptionText: "secondaryOptionText",
  watched: "watched",
});

const user = entity(User, {
  id: "id",
  username: "username",
  firstname: "firstname",
  lastname: "lastname",
  email: "email",
  emailVerified: "emailVerified",
  telephone: "telephone",
  language: "language",
  dateFormat: "dateFormat",
  kind: "kind",
  active: "active",
  permissions: "permissions",
  clientexecId: "clientexecId",
  rocketChatId: "rocketChatId",
  jtelId: "jtelId",
  jtelUid: "jtelUid",
  omnideskId: "omnideskId",
  version: "version",
  createdAt: date("createdAt"),
  updatedAt: date("updatedAt"),
});

const userCampaign = entity(UserCampaign, {
  userId: "userId",
  campaignId: "campaignId",
  active: "active",
});

const userView = entity(UserView, { userId: "userId", viewId: "viewId", selected: "selected" });

const named = { id: "id", name: "name" } as const;

const importResult = object<ImportResult>({
  row: "row",
  outcome: "outcome",
  userId: "userId",
  username: "username",
  matchedBy: "matchedBy",
  faults: as("faults", list(object<ImportFault>({ path: "path", message: "message" }))),
});

const createdApiKey = { apiKey: as("apiKey", apiKey), secret: "secret" } as const;

/**
 * What changes yield, as it is stored for requests with an Idempotency-Key. Names in quotes are stored for a day and never change;
 * the names before them are the properties of today.
 */
export const outcomes = {
  agent: outcomeType("Agent", agent),
  apiKey: outcomeType("ApiKey", apiKey),
  campaign: outcomeType("Campaign", entity(Campaign, named)),
  createdApiKey: outcomeType("CreatedApiKey", object<CreatedApiKey>(createdApiKey)),
  group: outcomeType("Group", entity(Group, named)),
  importResults: outcomeType("ImportResults", list(importResult)),
  nothing: outcomeType("Nothing", nothing),
  presence: outcomeType("Presence", presence),
  reservation: outcomeType("Reservation", reservation),
  rotatedApiKey: outcomeType(
    "RotatedApiKey",
    object<RotatedApiKey>({ ...createdApiKey, oldSecretUntil: date("oldSecretUntil") }),
  ),
  session: outcomeType("Session", session),
  status: outcomeType("Status", status),
  statusOutcome: outcomeType(
    "StatusOutcome",
    object<StatusOutcome>({ presence: as("presence", presence), applied: "applied" }),
  ),
  tabId: outcomeType("TabId", json<string>()),
  user: outcomeType("User", user),
  userCampaign: outcomeType("UserCampaign", userCampaign),
  userSettings: outcomeType("UserSettings", settings),
  userStatistic: outcomeType("UserStatistic", statistic),
  userView: outcomeType("UserView", userView),
  view: outcomeType("View", entity(View, named)),
};
