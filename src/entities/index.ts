import { Agent, Manager } from "./agent.entity.js";
import { ApiKey } from "./api-key.entity.js";
import { AuditRecord } from "./audit-record.entity.js";
import { Campaign, UserCampaign } from "./campaign.entity.js";
import { Counter } from "./counter.entity.js";
import { Event } from "./event.entity.js";
import { Group, GroupMember } from "./group.entity.js";
import { IdempotentRequest } from "./idempotent-request.entity.js";
import { LoginSession } from "./login-session.entity.js";
import { PresenceClaim } from "./presence-claim.entity.js";
import { Presence } from "./presence.entity.js";
import { Reservation } from "./reservation.entity.js";
import { RetiredApiKeySecret } from "./retired-api-key-secret.entity.js";
import { StatusChange } from "./status-change.entity.js";
import { Status } from "./status.entity.js";
import { UserSettings } from "./user-settings.entity.js";
import { UserStatistic } from "./user-statistic.entity.js";
import { User } from "./user.entity.js";
import { UserView, View } from "./view.entity.js";

/**
 * One class per table: its columns, constraints and indexes for TypeORM, and its fields for GraphQL. Entities have
 * getters for derived fields and no other behaviour; they import only `domain`.
 */
export const entities = [
  Agent,
  ApiKey,
  AuditRecord,
  Campaign,
  Counter,
  Event,
  Group,
  GroupMember,
  IdempotentRequest,
  LoginSession,
  Manager,
  Presence,
  PresenceClaim,
  Reservation,
  RetiredApiKeySecret,
  Status,
  StatusChange,
  User,
  UserCampaign,
  UserSettings,
  UserStatistic,
  UserView,
  View,
] as const;
