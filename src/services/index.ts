import type { DataSource } from "typeorm";
import { type LongListLimits, Reader } from "../persistence/reader.js";
import { AgentService } from "./agent.service.js";
import { ApiKeyService } from "./api-key.service.js";
import { AuditService } from "./audit.service.js";
import { AuthenticationService } from "./authentication.service.js";
import { CampaignMembershipService } from "./campaign-membership.service.js";
import { CatalogueService } from "./catalogue.service.js";
import { LoginService } from "./login.service.js";
import { NodeService } from "./node.service.js";
import { PeopleService } from "./people.service.js";
import { PresenceService } from "./presence.service.js";
import { ReservationService } from "./reservation.service.js";
import { SettingsService } from "./settings.service.js";
import { StatisticService } from "./statistic.service.js";
import { TabService } from "./tab.service.js";
import { UserViewService } from "./user-view.service.js";
import { UserService } from "./user.service.js";

export interface ServiceOptions {
  readonly leaseSeconds: number;
  readonly wrapUpSeconds: number;
  readonly sessionHours: number;
  readonly longLists: LongListLimits;
}

/** Everything that Rollcall can do, behind whichever door. */
export function createServices(dataSource: DataSource, options: ServiceOptions) {
  const reader = new Reader(dataSource, options.longLists);
  return {
    reader,
    agents: new AgentService(dataSource, reader),
    apiKeys: new ApiKeyService(dataSource, reader),
    audit: new AuditService(reader),
    authentication: new AuthenticationService(reader),
    campaignMemberships: new CampaignMembershipService(dataSource, reader),
    catalogue: new CatalogueService(dataSource, reader),
    login: new LoginService(dataSource, reader, options.sessionHours),
    nodes: new NodeService(reader),
    people: new PeopleService(reader),
    presence: new PresenceService(dataSource, reader, options.leaseSeconds),
    reservations: new ReservationService(dataSource, reader, options.wrapUpSeconds),
    settings: new SettingsService(dataSource, reader),
    statistics: new StatisticService(dataSource, reader),
    tabs: new TabService(dataSource),
    userViews: new UserViewService(dataSource, reader),
    users: new UserService(dataSource, reader),
  };
}
export type Services = ReturnType<typeof createServices>;
