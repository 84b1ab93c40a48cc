/**
 * The resolvers of the schema. The folder holds types, inputs and resolvers, which call services and loaders
 * and contain no rules. Imports domain, entities, database, outbox, services, loaders and graphql.
 */

/**
 * The GraphQL schema: types and inputs (`<noun>.types.ts`), and resolvers (`<noun>.resolver.ts`), which call one service or loader each.
 * A field resolver that fetches data is `@Batched`; it declares what it reads of its parent with `@Columns`.
 */
import { AgentResolver } from "./agent.resolver.js";
import { AuditResolver } from "./audit.resolver.js";
import { CatalogueResolver } from "./catalogue.resolver.js";
import { SettingsResolver, UserCampaignResolver, UserViewResolver } from "./settings.resolver.js";
import { SessionResolver } from "./session.resolver.js";
import { ApiKeyResolver, CredentialResolver, ViewerResolver } from "./credential.resolver.js";
import { ImportResolver } from "./users/import.resolver.js";
import * as subscriptions from "./subscription.resolver.js";
import { NodeResolver } from "./node.resolver.js";
import { PresenceResolver, StatusLockResolver } from "./presence.resolver.js";
import { ReservationResolver } from "./reservation.resolver.js";
import {
  StatusChangeResolver,
  StatusHistoryResolver,
  StatusOfTimeResolver,
  TimeInStatusResolver,
} from "./status-history.resolver.js";
import { UserMutationResolver } from "./users/user-mutation.resolver.js";
import { UserResolver } from "./users/user.resolver.js";

export const resolvers = [
  AgentResolver,
  ApiKeyResolver,
  AuditResolver,
  CatalogueResolver,
  SettingsResolver,
  CredentialResolver,
  ImportResolver,
  SessionResolver,
  ...Object.values(subscriptions),
  NodeResolver,
  PresenceResolver,
  ReservationResolver,
  StatusChangeResolver,
  StatusHistoryResolver,
  StatusLockResolver,
  StatusOfTimeResolver,
  TimeInStatusResolver,
  UserCampaignResolver,
  UserMutationResolver,
  UserResolver,
  UserViewResolver,
  ViewerResolver,
] as const;
