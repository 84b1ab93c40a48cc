import { randomUUID } from "node:crypto";
import type { DataSource } from "typeorm";
import { globalId } from "../../floor/json.js";
import {
  AuditRecord,
  Event,
  Presence,
  PresenceClaim,
  Status,
  StatusChange,
  User,
} from "./entities.js";

/** One transaction, entity by entity. */
export function setStatus(
  dataSource: DataSource,
  userId: number,
  statusId: number,
): Promise<Presence> {
  return dataSource.transaction(async (manager) => {
    await manager.findOneByOrFail(User, { id: userId, active: true });
    await manager.findOneByOrFail(Status, { id: statusId, selectable: true });
    const presence = await manager.findOneOrFail(Presence, {
      where: { userId },
      lock: { mode: "pessimistic_write" },
    });
    const now = new Date();
    const isAlive = ({ until }: { readonly until: Date | null }) => until === null || until > now;
    const claims = await manager.findBy(PresenceClaim, { userId });
    if (claims.some((claim) => ["LOCK", "INTERNAL"].includes(claim.kind) && isAlive(claim))) {
      throw new Error("refused");
    }
    await manager.remove(claims.filter((claim) => claim.kind === "MANUAL" || !isAlive(claim)));
    await manager.save(PresenceClaim, { userId, kind: "MANUAL", statusId, setAt: now });

    const from = presence.statusInEffect;
    const isOnline = isAlive({ until: presence.leaseUntil }) && presence.leaseUntil !== null;
    Object.assign(presence, { statusId, source: "MANUAL", changesAt: null, plan: [] });
    if (from !== statusId) presence.since = now;
    if (!isOnline) presence.leaseUntil = null;
    await manager.save(presence);

    const author = { actor: "naive", door: "GRAPHQL" };
    if (from !== statusId) {
      await manager.save(StatusChange, {
        ...author,
        userId,
        fromStatusId: from,
        toStatusId: statusId,
        source: "MANUAL",
        cause: "setStatus",
        changedAt: now,
      });
    }
    const target = globalId("User", String(userId));
    await manager.save(AuditRecord, {
      ...author,
      actorKind: "ANONYMOUS",
      action: "setStatus",
      targetType: "User",
      targetId: target,
      before: { statusInEffect: from },
      after: { statusId, statusInEffect: statusId },
      requestId: randomUUID(),
    });
    await manager.save(Event, {
      topic: "presenceChanged",
      subject: target,
      payload: {
        at: now.toISOString(),
        from,
        to: statusId,
        online: [isOnline, isOnline],
        locked: [false, false],
        cause: "setStatus",
      },
    });
    return presence;
  });
}
