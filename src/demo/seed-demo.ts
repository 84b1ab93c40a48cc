/**
 * Demo data and the load generator, written with the entities and the domain's rules. Imports domain,
 * entities, database and services.
 */

import type { DataSource, EntityManager } from "typeorm";
import { Reservation } from "../entities/reservation.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { UserStatistic } from "../entities/user-statistic.entity.js";
import { User } from "../entities/user.entity.js";
import { hashPassword } from "../services/credentials/secrets.js";
import { continueSequences } from "./continue-sequences.js";
import { countOpenSlots } from "./count-open-slots.js";
import { insertCatalogues } from "./insert-catalogues.js";
import { insertPresences } from "./presence/insert-presences.js";
import { insertRoles } from "./insert-roles.js";
import { DEMO_PASSWORD, demoUsers } from "./users.js";
import { demoReservationRows } from "./reservations.js";
import { demoSettings } from "./settings.js";
import { demoStatistics } from "./statistics.js";
import { demoUserId, demoUserRows, type UserRow } from "./user-rows.js";

/**
 * Fills an empty database with a small demo contact centre. Its times are relative to now, and users that are
 * online stay so for eight hours.
 *
 * @returns false when there are users already; then nothing changes
 */
export async function seedDemo(dataSource: DataSource): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    // Two gateways may start on the same empty database: the second waits here and then finds users.
    await manager.query(`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`);
    if (await manager.existsBy(User, {})) return false;

    const now = await databaseTime(manager);
    await insertUsers(manager, demoUserRows(now, await hashPassword(DEMO_PASSWORD)));
    await insertCatalogues(manager);
    await insertRoles(manager, now);
    await insertPresences(manager, now);
    await insertChoices(manager);
    await manager.insert(Reservation, demoReservationRows(now));
    await countOpenSlots(manager);
    await continueSequences(manager);
    return true;
  });
}

async function databaseTime(manager: EntityManager): Promise<Date> {
  const [clock] = await manager.query<[{ now: Date }]>(`SELECT now() AS now`);
  return clock.now;
}

/** Names the columns, because TypeORM otherwise omits those that the database can generate. */
async function insertUsers(manager: EntityManager, rows: readonly UserRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  await manager
    .createQueryBuilder()
    .insert()
    .into(User, columns)
    .values([...rows])
    .execute();
}

async function insertChoices(manager: EntityManager): Promise<void> {
  await manager.insert(
    UserSettings,
    demoUsers.map(({ username }) => ({
      userId: demoUserId(username),
      ...demoSettings[username],
    })),
  );
  await manager.insert(
    UserStatistic,
    demoStatistics.map(({ username, statistic, primary = "", secondary = "", watched }) => ({
      userId: demoUserId(username),
      statistic,
      primaryOptionText: primary,
      secondaryOptionText: secondary,
      watched,
    })),
  );
}
