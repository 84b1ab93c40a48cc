import type { EntityManager } from "typeorm";
import type { Availability } from "../domain/vocabulary.js";
import { Agent, Manager } from "../entities/agent.entity.js";
import type { DemoUsername } from "./users.js";
import { availableAgents, managers, unavailableAgents } from "./roles.js";
import { daysBefore } from "./times.js";
import { demoUserId } from "./user-rows.js";

const FIRST_REGISTERED_DAYS = 90;

export async function insertRoles(manager: EntityManager, now: Date): Promise<void> {
  const agents: readonly (readonly [DemoUsername, Availability])[] = [
    ...availableAgents.map((username) => [username, "AVAILABLE"] as const),
    ...unavailableAgents.map((username) => [username, "NOT_AVAILABLE"] as const),
  ];
  await manager.insert(
    Agent,
    agents.map(([username, availability], position) => ({
      userId: demoUserId(username),
      availability,
      registeredAt: daysBefore(now, FIRST_REGISTERED_DAYS - position),
    })),
  );
  await manager.insert(
    Manager,
    managers.map((username, position) => ({
      userId: demoUserId(username),
      registeredAt: daysBefore(now, FIRST_REGISTERED_DAYS - position),
    })),
  );
}
