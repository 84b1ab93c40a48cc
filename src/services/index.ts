import type { DataSource } from "typeorm";
import { EventHub } from "../events/event-hub.js";
import { EventLog } from "../events/event-log.js";
import { PostgresNotifier } from "../events/postgres-doorbell.js";
import type { Logger } from "../logger.js";
import { Changes } from "../persistence/change.js";
import { Counters } from "../persistence/counters.js";
import { type LongListLimits, Reader } from "../persistence/reader.js";
import { StatementNames } from "../persistence/statement-names.js";
import { AgentService } from "./agent.service.js";
import { ApiKeyService } from "./api-key.service.js";
import { AuditService } from "./audit.service.js";
import { AuthenticationService } from "./authentication.service.js";
import { CampaignMembershipService } from "./campaign-membership.service.js";
import { CatalogueService } from "./catalogue.service.js";
import { FailedAttempts, type FailureLimits } from "./failed-attempts.js";
import { IdempotencyService } from "./idempotency.service.js";
import { ImportService } from "./import.service.js";
import { SubscriptionService } from "./live.service.js";
import { LoginService } from "./login.service.js";
import { NodeService } from "./node.service.js";
import { LegacyListService } from "./people.service.js";
import { PresenceService } from "./presence.service.js";
import { ReservationService } from "./reservation.service.js";
import { SessionService } from "./session.service.js";
import { SettingsService } from "./settings.service.js";
import { StatisticService } from "./statistic.service.js";
import { TabService } from "./tab.service.js";
import { UserViewService } from "./user-view.service.js";
import { UserService } from "./user.service.js";

export interface ServiceOptions {
  readonly database: {
    /** Of the server itself, where the data source goes through a pooler. */
    readonly directUrl: string | undefined;
    readonly preparedStatements: boolean;
  };
  readonly leaseSeconds: number;
  readonly wrapUpSeconds: number;
  readonly sessionHours: number;
  readonly authFailures: FailureLimits;
  readonly longLists: LongListLimits;
  readonly live: { readonly queueMax: number; readonly retentionHours: number };
}

/** Everything that Rollcall can do, behind whichever door. */
export function createServices(dataSource: DataSource, options: ServiceOptions, logger: Logger) {
  const { directUrl, preparedStatements } = options.database;
  const reader = new Reader(dataSource, options.longLists, new StatementNames(preparedStatements));
  const { url = "" } = dataSource.options as { url?: string };
  const notifier = new PostgresNotifier(directUrl ?? url, reader, logger);
  const changes = new Changes(dataSource, reader, notifier.notify);
  const events = new EventLog(reader);
  const hub = new EventHub(events, notifier, options.live.queueMax, logger);
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
    live: new SubscriptionService(hub, events, options.live.retentionHours),
    login: new LoginService(changes, reader, attempts, options.sessionHours),
    nodes: new NodeService(reader),
    people: new LegacyListService(reader),
    presence: new PresenceService(changes, reader, options.leaseSeconds),
    reservations: new ReservationService(changes, reader, options.wrapUpSeconds),
    sessions: new SessionService(changes, reader),
    settings: new SettingsService(changes, reader),
    statistics: new StatisticService(changes, reader),
    tabs: new TabService(changes),
    userViews: new UserViewService(changes, reader),
    users: new UserService(changes, reader),
  };
}
export type Services = ReturnType<typeof createServices>;
