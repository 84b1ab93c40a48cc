import type { EntityManager } from "typeorm";
import { PresenceClaim } from "../entities/presence-claim.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { StatusChange } from "../entities/status-change.entity.js";
import { demoDesks } from "./desks.js";
import { demoPeople } from "./people.js";
import { PresenceReplay } from "./presence-replay.js";
import { presenceStories } from "./presence-stories.js";
import { createdAtOf, demoUserId } from "./user-rows.js";

/** Presences, the claims beneath them and the history before them. */
export async function insertPresences(manager: EntityManager, now: Date): Promise<void> {
  const people = demoPeople.map(({ username }) => ({
    username,
    userId: demoUserId(username),
    past: new PresenceReplay(username, now, createdAtOf(username, now)).run(
      presenceStories[username] ?? [],
    ),
  }));

  const desks = demoDesks(now);
  await manager.insert(
    Presence,
    people.map(({ username, userId, past }) => ({
      userId,
      ...past.presence,
      leaseUntil: past.leaseUntil,
      onlineSince: past.onlineSince,
      lastSeenAt: past.lastSeenAt,
      ...desks[username],
    })),
  );
  await manager.insert(
    PresenceClaim,
    people.flatMap(({ userId, past }) =>
      past.claims.map(({ setBy, ...claim }) => ({
        userId,
        ...claim,
        setBy: setBy === null ? null : demoUserId(setBy),
      })),
    ),
  );
  // Numbered as they came, whoever they are about.
  const changes = people.flatMap(({ userId, past }) =>
    past.changes.map((change) => ({ userId, ...change })),
  );
  await manager.insert(
    StatusChange,
    changes.sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime()),
  );
}
