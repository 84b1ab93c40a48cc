import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf, toGlobalId } from "../../domain/global-id.js";
import { LoginSession } from "../../entities/login-session.entity.js";
import { notFound } from "../../errors/domain-error.js";
import type { Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import { authorize } from "../authorize.js";
import { announceCredentialEnded } from "./credential-end.js";
import { isValidSession } from "./credential-sql.js";
import { parseInput } from "../parse-input.js";
import { getUser, type UserRef, userRef } from "../users/user-ref.js";
import { repeatWhileFull } from "../../database/repeat-while-full.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const LISTED = 100;

/** As long as a session is stored, its address counts as known for its user; see failed-attempts.ts. */
const RETENTION_AFTER_EXPIRY = "90 days";
const PRUNE_BATCH = 1000;

const revokeSessionInput = z.object({ id: z.string().max(100) });
export type RevokeSessionInput = z.input<typeof revokeSessionInput>;

/** The login sessions of users. */
export class SessionService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /** Valid sessions, newest first. @throws NOT_FOUND for an unknown user */
  async list(actor: Actor, input: UserRef): Promise<LoginSession[]> {
    const ref = parseInput(actor, userRef, input);
    const { id } = await getUser(this.reader, actor, "sessions", ref);
    const columns = this.reader.table(LoginSession).columns("s");
    return this.reader.rows(
      LoginSession,
      `SELECT ${columns} FROM login_sessions s
       WHERE s.user_id = $1 AND ${isValidSession("s", TRANSACTION_TIME)} ORDER BY s.id DESC LIMIT ${LISTED}`,
      [id],
    );
  }

  /**
   * Takes effect with the next request, and closes open connections. Revoking a revoked session changes nothing.
   *
   * @throws NOT_FOUND for an unknown session; FORBIDDEN without ADMIN, as for a session of another user
   */
  @Idempotent(outcomes.session)
  async revoke(actor: Actor, input: RevokeSessionInput): Promise<LoginSession> {
    const { id } = parseInput(actor, revokeSessionInput, input);
    const key = integerKeyOf("LoginSession", id);
    const [found] =
      key === null
        ? []
        : await this.reader.query<{ userId: number }>(
            `SELECT user_id AS "userId" FROM login_sessions WHERE id = $1`,
            [key],
          );
    authorize(actor, "revokeSession", found?.userId ?? null);
    if (!found || key === null) throw notFound("Session", id);
    return this.changes.make(actor, async (change) => {
      const [revoked] = await change.query(
        `UPDATE login_sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id`,
        [key],
      );
      const session = await change.manager.findOneBy(LoginSession, { id: key });
      if (!session) throw notFound("Session", id);
      if (!revoked) return session;
      change.audit({
        action: "revokeSession",
        targetType: "User",
        targetId: toGlobalId("User", found.userId),
        before: { session: id, address: session.address },
      });
      announceCredentialEnded(change, id, { reason: "revokeSession" });
      return session;
    });
  }

  /** Deletes sessions that expired long ago. */
  async prune(): Promise<void> {
    await repeatWhileFull(PRUNE_BATCH, async () => {
      const pruned = await this.reader.query(
        `DELETE FROM login_sessions WHERE id IN (
           SELECT id FROM login_sessions WHERE expires_at < now() - interval '${RETENTION_AFTER_EXPIRY}'
           ORDER BY expires_at LIMIT ${PRUNE_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
      );
      return pruned.length;
    });
  }
}
