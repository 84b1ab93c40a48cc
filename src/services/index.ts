/**
 * Every rule, permission and transaction. The GraphQL resolvers, the legacy REST routes and the command line call these
 * services and nothing below them; a service knows no API. A folder per noun; in a `*-sql.ts` file are the rules that
 * SQL repeats.
 */
import type { DataSource } from "typeorm";
import { EventHub } from "../outbox/hub.js";
import { EventLog } from "../outbox/log.js";
import { PostgresNotifier } from "../outbox/notifier.js";
import type { Logger } from "../observability/logging/logger.js";
import { Changes } from "../database/changes/change.js";
import { Counters } from "../database/counters.js";
import { type LongListLimits, Reader } from "../database/reader.js";
import { StatementNames } from "../database/statement-names.js";
import { AgentService } from "./agents/agent.service.js";
import { ApiKeyService } from "./credentials/api-key.service.js";
import { AuditService } from "./audit/audit.service.js";
import { AuthenticationService } from "./credentials/authentication.service.js";
import { CampaignMembershipService } from "./campaigns/campaign-membership.service.js";
import { CatalogueService } from "./catalogue/catalogue.service.js";
import { FailedAttempts, type FailureLimits } from "./credentials/failed-attempts.js";
import { IdempotencyService } from "./idempotency/idempotency.service.js";
import { ImportService } from "./users/import/import.service.js";
import { SubscriptionService } from "./subscriptions/subscription.service.js";
import { LoginService } from "./credentials/login.service.js";
import { NodeService } from "./nodes/node.service.js";
import { LegacyListService } from "./users/legacy-list/service.js";
import { PresenceService } from "./presence/presence.service.js";
import { ReservationService } from "./reservations/reservation.service.js";
import { SessionService } from "./credentials/session.service.js";
import { SettingsService } from "./settings/settings.service.js";
import { StatisticService } from "./settings/statistic.service.js";
import { TabService } from "./settings/tab.service.js";
import { UserViewService } from "./settings/user-view.service.js";
import { UserService } from "./users/user.service.js";

export interface ServiceOptions {
  readonly database: {
    /** URL of the server itself when the data source connects through a pooler. */
    readonly directUrl: string | undefined;
    readonly preparedStatements: boolean;
  };
  readonly leaseSeconds: number;
  readonly wrapUpSeconds: number;
  readonly sessionHours: number;
  readonly authFailures: FailureLimits;
  readonly longLists: LongListLimits;
  readonly subscriptions: { readonly queueMax: number; readonly retentionHours: number };
}

/** The services, one per noun, over one data source. */
export function createServices(dataSource: DataSource, options: ServiceOptions, logger: Logger) {
  const { directUrl, preparedStatements } = options.database;
  const reader = new Reader(dataSource, options.longLists, new StatementNames(preparedStatements));
  const { url = "" } = dataSource.options as { url?: string };
  const notifier = new PostgresNotifier(directUrl ?? url, reader, logger);
  const changes = new Changes(dataSource, reader, notifier.notify);
  const events = new EventLog(reader);
  const hub = new EventHub(events, notifier, options.subscriptions.queueMax, logger);
  const counters = new Counters(reader);
  const attempts = new FailedAttempts(counters, options.authFailures);
  return {
    reader,
    counters,
    agents: new AgentService(changes, reader),
    apiKeys: new ApiKeyService(changes, reader),
    audit: new AuditService(reader),
    authentication: new AuthenticationService(reader, attempts),
    campaignMemberships: new CampaignMembershipService(changes, reader),
    catalogue: new CatalogueService(changes, reader),
    idempotency: new IdempotencyService(reader),
    imports: new ImportService(changes),
    legacyLists: new LegacyListService(reader),
    login: new LoginService(changes, reader, attempts, options.sessionHours),
    nodes: new NodeService(reader),
    presence: new PresenceService(changes, reader, options.leaseSeconds),
    reservations: new ReservationService(changes, reader, options.wrapUpSeconds),
    sessions: new SessionService(changes, reader),
    settings: new SettingsService(changes, reader),
    statistics: new StatisticService(changes, reader),
    subscriptions: new SubscriptionService(hub, events, options.subscriptions.retentionHours),
    tabs: new TabService(changes),
    userViews: new UserViewService(changes, reader),
    users: new UserService(changes, reader),
  };
}
export type Services = ReturnType<typeof createServices>;
