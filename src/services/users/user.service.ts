import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import * as text from "../../domain/text-rules.js";
import { userKinds } from "../../domain/vocabulary.js";
import { Presence } from "../../entities/presence.entity.js";
import { UserSettings } from "../../entities/user-settings.entity.js";
import { User } from "../../entities/user.entity.js";
import { conflict } from "../../errors/domain-error.js";
import { type Change, type Changes } from "../../database/changes/change.js";
import type { Page, PageRequest } from "../../database/pagination/keyset-page.js";
import type { Reader } from "../../database/reader.js";
import type { Properties } from "../../database/table.js";
import { OFFLINE_STATUS_ID } from "../../domain/status.js";
import { authorize, isAuthorized } from "../authorize.js";
import { announceCredentialEnded, type EndedCredentials } from "../credentials/credential-end.js";
import { externalColumns, externalIdsInput } from "./external-ids.js";
import { assertCanGrant, permissionSet } from "../credentials/granting.js";
import { groupIdsInput, replaceGroups } from "./group-membership.js";
import { recountUserSlots } from "../agents/capacity.js";
import { parseInput } from "../parse-input.js";
import { clearPresence } from "../presence/store.js";
import { findUser, getUser, lockUser, type UserRef, userRef } from "./user-ref.js";
import { changedProperties } from "./changed-properties.js";
import { endReservations } from "../reservations/end.js";
import { hashPassword } from "../credentials/secrets.js";
import { fetchUsers, type UserFilter, type UserOrder } from "./user-list.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const profile = {
  firstname: text.namePart.nullish(),
  lastname: text.namePart.nullish(),
  email: text.email.nullish(),
  telephone: text.telephone.nullish(),
};

const createUserInput = z.object({
  ...profile,
  username: text.username,
  language: text.language.nullish(),
  dateFormat: text.dateFormat.nullish(),
  kind: z.enum(userKinds).nullish(),
  groupIds: groupIdsInput.nullish(),
  permissions: permissionSet.nullish(),
  password: text.password.nullish(),
  sendActivationMail: z.boolean().nullish(),
  externalIds: externalIdsInput.nullish(),
});
export type CreateUserInput = z.input<typeof createUserInput>;

/** Omitted: unchanged. Null: cleared, where the property is nullable. */
const updateUserInput = z.object({
  ...profile,
  user: userRef,
  expectedVersion: text.int32.nullish(),
  username: text.username.optional(),
  language: text.language.optional(),
  dateFormat: text.dateFormat.optional(),
  groupIds: groupIdsInput.optional(),
  permissions: permissionSet.optional(),
  password: text.password.nullish(),
  active: z.boolean().optional(),
});
export type UpdateUserInput = z.input<typeof updateUserInput>;
type UserChange = z.output<typeof updateUserInput>;

const deactivateUserInput = z.object({ user: userRef, expectedVersion: text.int32.nullish() });
export type DeactivateUserInput = z.input<typeof deactivateUserInput>;

/** The profile, permissions and password of users. */
export class UserService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /** @throws FORBIDDEN without USER_READ, except for the signed-in user */
  find(actor: Actor, ref: UserRef, columns?: Properties): Promise<User | null> {
    return findUser(this.reader, actor, "user", parseInput(actor, userRef, ref), columns);
  }

  /** @throws UNAUTHENTICATED */
  viewer(actor: Actor): Actor {
    authorize(actor, "viewer");
    return actor;
  }

  /** Whether the actor may read a user that is nested in another result. */
  canSee(actor: Actor, userId: number): boolean {
    return isAuthorized(actor, "user", userId);
  }

  /** @throws BAD_USER_INPUT, FORBIDDEN without USER_READ */
  list(
    actor: Actor,
    request: PageRequest & { filter?: UserFilter | null; orderBy?: UserOrder | null },
  ): Promise<Page<User>> {
    authorize(actor, "users");
    return fetchUsers(this.reader, request);
  }

  /**
   * Creates a user with presence and settings. A user without a password cannot sign in.
   *
   * @throws BAD_USER_INPUT, CONFLICT when a unique value is taken, FORBIDDEN when the actor lacks a
   *   permission that it grants
   */
  @Idempotent(outcomes.user)
  async create(actor: Actor, input: CreateUserInput): Promise<User> {
    authorize(actor, "createUser");
    const { password, groupIds, externalIds, sendActivationMail, ...given } = parseInput(
      actor,
      createUserInput,
      input,
    );
    assertCanGrant(actor, given.permissions ?? [], "createUser");
    const passwordHash = password ? await hashPassword(password) : null;

    return this.changes.make(actor, async (change) => {
      const properties = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
      );
      const row = {
        ...properties,
        ...(await externalColumns(change, externalIds ?? [], given.username)),
        passwordHash,
      };
      // Names the columns, because `insert` alone omits generated columns even when they have a value.
      const { identifiers } = await change.manager
        .createQueryBuilder()
        .insert()
        .into(User, Object.keys(row))
        .values(row)
        .execute();
      const { id } = identifiers[0] as { id: number };
      await change.manager.insert(Presence, {
        userId: id,
        statusId: OFFLINE_STATUS_ID,
        source: "CONNECTION",
      });
      await change.manager.insert(UserSettings, { userId: id });
      if (groupIds) await replaceGroups(change, id, groupIds);

      const user = await change.manager.findOneByOrFail(User, { id });
      change.audit({
        action: "createUser",
        targetType: "User",
        targetId: user.globalId,
        after: { ...properties, groupIds: groupIds ?? [] },
      });
      change.announce({
        topic: "userChanged",
        subject: user.globalId,
        payload: { cause: "createUser" },
      });
      if (sendActivationMail) {
        change.announce({
          topic: "activationMailRequested",
          subject: user.globalId,
          payload: { email: user.email },
        });
      }
      return user;
    });
  }

  /**
   * Changes the properties in the input and no others.
   *
   * @throws CONFLICT with the current state when `expectedVersion` is stale, or when a unique value is
   *   taken; FORBIDDEN for the permissions or the password of a user with more permissions than the actor
   */
  @Idempotent(outcomes.user)
  update(actor: Actor, input: UpdateUserInput): Promise<User> {
    return this.change(actor, "updateUser", parseInput(actor, updateUserInput, input));
  }

  /**
   * Ends all sessions of the user, clears the presence, releases the reservations and refuses new logins. Repeating it
   * changes nothing.
   *
   * @throws CONFLICT with the current state when `expectedVersion` is stale
   */
  @Idempotent(outcomes.user)
  deactivate(actor: Actor, input: DeactivateUserInput): Promise<User> {
    const parsed = parseInput(actor, deactivateUserInput, input);
    return this.change(actor, "deactivateUser", { ...parsed, active: false });
  }

  private async change(
    actor: Actor,
    action: "updateUser" | "deactivateUser",
    { user: ref, expectedVersion, groupIds, password, ...given }: UserChange,
  ): Promise<User> {
    const { id } = await getUser(this.reader, actor, action, ref);
    const passwordHash = password ? await hashPassword(password) : password;

    return this.changes.make(actor, async (change) => {
      const current = await lockUser(change.manager, id);
      assertVersion(current, expectedVersion);
      if (given.permissions !== undefined || password !== undefined) {
        assertCanGrant(actor, [...current.permissions, ...(given.permissions ?? [])], action);
      }
      const groups = groupIds && (await replaceGroups(change, id, groupIds));
      const { before, after } = changedProperties(
        { ...current, ...groups?.before },
        { ...given, ...groups?.after },
      );
      if (Object.keys(after).length === 0 && password === undefined) return current;

      const unverified = "email" in after ? { emailVerified: false } : {};
      await writeUser(change, current, { ...given, passwordHash, ...unverified });
      if (after.active === false) {
        await clearPresence(change, id, action);
        await endReservations(change, id, action);
      }
      if (after.active === true) await recountUserSlots(change, id);
      if (after.active === false || password !== undefined) await endSessions(change, id);
      const ended = endedBy(after, password);
      if (ended) announceCredentialEnded(change, current.globalId, { reason: action, ended });
      change.audit({
        action,
        targetType: "User",
        targetId: current.globalId,
        before,
        after: password === undefined ? after : { ...after, password: "changed" },
      });
      change.announce({
        topic: "userChanged",
        subject: current.globalId,
        payload: { cause: action },
      });
      return change.manager.findOneByOrFail(User, { id });
    });
  }
}

/** @throws CONFLICT with the current state */
function assertVersion(current: User, expected: number | null | undefined): void {
  if (expected === null || expected === undefined || expected === current.version) return;
  const { version, username, firstname, lastname, email, telephone, language, dateFormat } =
    current;
  throw conflict(`The user has changed: its version is ${version}, not ${expected}`, {
    current: {
      id: current.globalId,
      version,
      username,
      firstname,
      lastname,
      email,
      telephone,
      language,
      dateFormat,
      active: current.active,
      permissions: current.permissions,
    },
  });
}

/** Compare-and-swap: TypeORM's `save()` does not check the version. */
async function writeUser(change: Change, current: User, values: Partial<User>): Promise<void> {
  const { affected } = await change.manager.update(
    User,
    { id: current.id, version: current.version },
    { ...values, version: current.version + 1, updatedAt: () => "now()" },
  );
  if (affected !== 1) throw conflict("The user has changed since it was read");
}

/**
 * Which credentials of the user the change affects. New permissions do not end a session, but its open subscriptions
 * were authorised with the old ones.
 */
function endedBy(
  after: Partial<User>,
  password: string | null | undefined,
): EndedCredentials | null {
  if (after.active === false) return "EVERYTHING";
  return password !== undefined || after.permissions !== undefined ? "SESSIONS" : null;
}

async function endSessions(change: Change, userId: number): Promise<void> {
  await change.query(
    `UPDATE login_sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`,
    [userId],
  );
}
