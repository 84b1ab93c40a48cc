import { z } from "zod";
import { type Actor, credentialSubject, type Origin } from "../../domain/actor.js";
import { User } from "../../entities/user.entity.js";
import { conflict, unauthenticated } from "../../errors/domain-error.js";
import { type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { announceCredentialEnded } from "./credential-end.js";
import { parse } from "../parse-input.js";
import type { FailedAttempts } from "./failed-attempts.js";
import { hashSecret, isPassword, newSessionToken } from "./secrets.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const passwordInput = z.union(
  [z.string().max(1000), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/i) })],
  "must be a password of at most 1000 characters, or its SHA-256 digest in hexadecimal",
);

const loginInput = z.object({ user: z.string().max(254), password: passwordInput });
export type LoginInput = z.input<typeof loginInput>;

export interface SignedIn {
  /** Returned here and never again. */
  readonly token: string;
  readonly user: User;
  readonly expiresAt: Date;
  /** The actor of the new session, for the remaining fields of the request. */
  readonly actor: Actor;
}

/** Login with a password, and logout. */
export class LoginService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
    private readonly attempts: FailedAttempts,
    private readonly sessionHours: number,
  ) {}

  /**
   * @throws UNAUTHENTICATED with the same message and after the same time for an unknown name, a wrong password and
   *   a deactivated user; RATE_LIMITED after too many failures
   */
  async login({ idempotency, ...origin }: Origin, input: LoginInput): Promise<SignedIn> {
    const { user: name, password } = parse(loginInput, input);
    const columns = this.reader.table(User).columns("u");
    const [user] = await this.reader.rows<User & { hash: string | null; isKnownAddress: boolean }>(
      User,
      `SELECT ${columns}, u.password_hash AS hash,
         EXISTS (SELECT 1 FROM login_sessions s WHERE s.user_id = u.id AND s.address = $2) AS "isKnownAddress"
       FROM users u
       WHERE u.active AND (lower(u.username) = lower($1) OR lower(u.email) = lower($1))
       ORDER BY lower(u.username) = lower($1) DESC LIMIT 1`,
      [name.replaceAll("\u0000", ""), origin.address ?? null],
    );
    const attempt = {
      account: user?.globalId ?? name.toLowerCase(),
      address: origin.address ?? "",
      isKnownAddress: user?.isKnownAddress ?? false,
    };
    await this.attempts.begin(attempt);
    const matches = await isPassword(user?.hash ?? null, password);
    if (!user || !matches) {
      await this.attempts.failed(attempt);
      throw unauthenticated("Wrong user or password");
    }
    await this.attempts.succeeded(attempt);

    const actor: Actor = {
      ...origin,
      kind: "SESSION",
      credentialId: null,
      credentialExpiresAt: null,
      userId: user.id,
      name: user.username,
      permissions: new Set(user.permissions),
    };
    const token = newSessionToken();
    return this.changes.make(actor, async (change) => {
      const [session] = await change.query<{ id: number; expiresAt: Date }>(
        `INSERT INTO login_sessions (user_id, token_hash, expires_at, address)
         VALUES ($1, $2, now() + make_interval(hours => $3), $4) RETURNING id, expires_at AS "expiresAt"`,
        [user.id, hashSecret(token), this.sessionHours, origin.address ?? null],
      );
      if (!session) throw new Error("the inserted session was not returned");
      change.audit({ action: "login", targetType: "User", targetId: user.globalId });
      const { id, expiresAt } = session;
      return {
        token,
        user,
        expiresAt,
        actor: { ...actor, idempotency, credentialId: id, credentialExpiresAt: expiresAt },
      };
    });
  }

  /**
   * Ends the session of the request and no other.
   *
   * @throws CONFLICT for an API key, which has no session
   */
  @Idempotent(outcomes.nothing)
  async logout(actor: Actor): Promise<void> {
    authorize(actor, "logout");
    const session = credentialSubject(actor);
    if (actor.kind !== "SESSION" || session === null) {
      throw conflict("An API key has no session to end; revoke it instead");
    }
    await this.changes.make(actor, async (change) => {
      await change.query(
        `UPDATE login_sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL`,
        [actor.credentialId],
      );
      const user = await change.manager.findOneByOrFail(User, { id: actor.userId ?? 0 });
      change.audit({ action: "logout", targetType: "User", targetId: user.globalId });
      announceCredentialEnded(change, session, { reason: "logout" });
    });
  }
}
