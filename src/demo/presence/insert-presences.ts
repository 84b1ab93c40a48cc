import type { EntityManager } from "typeorm";
import { PresenceClaim } from "../../entities/presence-claim.entity.js";
import { Presence } from "../../entities/presence.entity.js";
import { StatusChange } from "../../entities/status-change.entity.js";
import { demoDesks } from "../desks.js";
import { demoUsers } from "../users.js";
import { PresenceReplay } from "./presence-replay.js";
import { presenceStories } from "./presence-stories.js";
import { createdAtOf, demoUserId } from "../user-rows.js";

/** Inserts presences with their claims and history. */
export async function insertPresences(manager: EntityManager, now: Date): Promise<void> {
  const users = demoUsers.map(({ username }) => ({
    username,
    userId: demoUserId(username),
    replay: new PresenceReplay(username, now, createdAtOf(username, now)).run(
      presenceStories[username] ?? [],
    ),
  }));

  const desks = demoDesks(now);
  await manager.insert(
    Presence,
    users.map(({ username, userId, replay }) => ({
      userId,
      ...replay.presence,
      leaseUntil: replay.leaseUntil,
      onlineSince: replay.onlineSince,
      lastSeenAt: replay.lastSeenAt,
      ...desks[username],
    })),
  );
  await manager.insert(
    PresenceClaim,
    users.flatMap(({ userId, replay }) =>
      replay.claims.map(({ setBy, ...claim }) => ({
        userId,
        ...claim,
        setBy: setBy === null ? null : demoUserId(setBy),
      })),
    ),
  );
  // Numbered by time, whatever the user.
  const changes = users.flatMap(({ userId, replay }) =>
    replay.changes.map((change) => ({ userId, ...change })),
  );
  await manager.insert(
    StatusChange,
    changes.sort((a, b) => a.changedAt.getTime() - b.changedAt.getTime()),
  );
}
