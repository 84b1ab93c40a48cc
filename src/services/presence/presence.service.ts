import { type Actor, system } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import { leadingClaim } from "../../domain/presence.js";
import { Presence } from "../../entities/presence.entity.js";
import { badInput, DomainError } from "../../errors/domain-error.js";
import type { Changes } from "../../database/change.js";
import type { Page, PageRequest } from "../../database/pagination/keyset-page.js";
import type { Reader } from "../../database/reader.js";
import { TRANSACTION_TIME } from "../../database/sql-time.js";
import type { Operation } from "../../domain/permission-table.js";
import { authorize } from "../authorize.js";
import { parseInput } from "../parse-input.js";
import { Heartbeats } from "./heartbeats.js";
import { getUser, userIdOfRef, type UserRef } from "../users/user-ref.js";
import { SETTLE_BATCH, SETTLE_LINES, settleExpired } from "./expiry.js";
import * as inputs from "./inputs.js";
import { asOfReading, fetchPresences, type PresenceFilter } from "./presence-list.js";
import { columnsAsOf } from "./presence-sql.js";
import { type Decide } from "./decision.js";
import { PresenceEdits } from "./edits.js";
import { claiming, type PresenceEdit, type PresenceState } from "./settlement.js";
import { collectInBatches } from "../../database/in-batches.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

export interface StatusOutcome {
  readonly presence: Presence;
  /** False: a request older than the last one applied, which changed nothing. */
  readonly applied: boolean;
}

/** What people are doing now: the only writer of presences, claims and the status history. */
export class PresenceService {
  private readonly heartbeats: Heartbeats;
  private readonly edits: PresenceEdits;

  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
    leaseSeconds: number,
  ) {
    this.heartbeats = new Heartbeats(changes, leaseSeconds);
    this.edits = new PresenceEdits(changes);
  }

  /** @throws BAD_USER_INPUT, FORBIDDEN without USER_READ */
  list(
    actor: Actor,
    request: PageRequest & { filter?: PresenceFilter | null },
  ): Promise<Page<Presence>> {
    authorize(actor, "presences");
    return fetchPresences(this.reader, request);
  }

  /**
   * Sets the manual status, for ever or until a time, after which the status before it returns.
   *
   * @returns `applied` false when the request is older than the last one applied: nothing was changed
   * @throws STATUS_LOCKED while a lock is on, NOT_FOUND for an unknown status, BAD_USER_INPUT for one
   *   that nobody may choose or an end that has passed, CONFLICT for a deactivated user
   */
  @Idempotent(outcomes.statusOutcome)
  async setStatus(actor: Actor, input: inputs.SetStatusInput): Promise<StatusOutcome> {
    const { user, statusId, until, requestedAt, lastInternalCallId } = parseInput(
      actor,
      inputs.setStatusInput,
      input,
    );
    return this.edit<StatusOutcome>(actor, "setStatus", user, statusId, (state, wished) => {
      assertUnlocked(state);
      const { presence, now } = state;
      // A client whose clock is ahead must not shut out its own next request.
      const requested = requestedAt && requestedAt > now ? now : requestedAt;
      if (requested && presence.lastRequestedAt && requested < presence.lastRequestedAt) {
        return { result: { presence, applied: false } };
      }
      const status = wished();
      if (!status.selectable) {
        throw badInput([{ path: "statusId", message: `${status.name} is not for choosing` }]);
      }
      assertFuture(until, now);
      const edit: PresenceEdit = {
        ...claiming(state, {
          kind: "MANUAL",
          source: null,
          statusId,
          setAt: now,
          until: until ?? null,
          setBy: actor.userId,
          reason: null,
        }),
        columns: requested ? { lastRequestedAt: requested } : {},
        lastInternalCallId: lastInternalCallId ?? null,
      };
      return {
        edit,
        result: { presence, applied: true },
        audit: { statusId, until, lastInternalCallId },
      };
    });
  }

  /**
   * Puts a status on a person that nobody can change until it is released or runs out. A lock on a
   * locked person replaces the lock.
   *
   * @throws NOT_FOUND for an unknown status, BAD_USER_INPUT for an end that has passed
   */
  @Idempotent(outcomes.presence)
  async lockStatus(actor: Actor, input: inputs.LockStatusInput): Promise<Presence> {
    const { user, statusId, reason, until } = parseInput(actor, inputs.lockStatusInput, input);
    return this.edit(actor, "lockStatus", user, statusId, (state, wished) => {
      wished();
      assertFuture(until, state.now);
      const edit = claiming(state, {
        kind: "LOCK",
        source: null,
        statusId,
        setAt: state.now,
        until: until ?? null,
        setBy: actor.userId,
        reason: reason ?? null,
      });
      return { edit, result: state.presence, audit: { statusId, reason, until } };
    });
  }

  /** Releases the lock, so that what was wished underneath shows. Without a lock nothing changes. */
  @Idempotent(outcomes.presence)
  async unlockStatus(actor: Actor, input: inputs.UnlockStatusInput): Promise<Presence> {
    const { user } = parseInput(actor, inputs.unlockStatusInput, input);
    return this.edit(actor, "unlockStatus", user, null, (state) => {
      const lock = leadingClaim(state.claims, "LOCK", state.now);
      if (!lock) return { result: state.presence };
      const kept = state.claims.filter((claim) => claim !== lock);
      return { edit: { kept }, result: state.presence, audit: {} };
    });
  }

  /**
   * Renews the lease that keeps a person online, and notes where they are looking. Not audited: it is
   * a sign of life, not a change of anything that somebody decided. One that changes nothing else is
   * collected; whatever others can see of it is there at once.
   *
   * @throws BAD_USER_INPUT when no user is named and the credential has none
   */
  @Idempotent(outcomes.presence)
  async heartbeat(actor: Actor, input: inputs.HeartbeatInput): Promise<Presence> {
    const { user, lastView } = parseInput(actor, inputs.heartbeatInput, input);
    const ref = user ?? ownRef(actor);
    const view = lastView && {
      lastViewModule: lastView.module,
      lastViewName: lastView.view,
      lastViewTarget: lastView.target ?? null,
    };
    const person = await getUser(this.reader, actor, "heartbeat", ref);
    const presence = await this.read(person.id);
    const isSameView = Object.entries(view ?? {}).every(
      ([column, value]) => presence[column as keyof typeof view] === value,
    );
    // That a request with a key was executed is remembered with what it has written.
    const mayWait = !actor.idempotencyCall && person.active && this.heartbeats.mayWait(presence);
    if (isSameView && mayWait) {
      const { readAt, source, changesAt } = presence;
      this.heartbeats.collect(person.id, readAt);
      const renewal = this.heartbeats.renewal(presence, readAt);
      const until = source === "CONNECTION" ? (renewal.leaseUntil ?? null) : changesAt;
      return Object.assign(presence, renewal, { changesAt: until });
    }
    return this.edits.make({
      actor,
      operation: "heartbeat",
      userId: person.id,
      statusId: null,
      decide: ({ presence, now }) => ({
        edit: { columns: { ...this.heartbeats.renewal(presence, now), ...view } },
        result: presence,
      }),
    });
  }

  /** Signs of life of people whose connections are open; they are online within a second. */
  keepAlive(userIds: Iterable<number>): void {
    for (const userId of userIds) this.heartbeats.collect(userId);
  }

  /** Writes the signs of life that were collected. */
  writeHeartbeats(): Promise<number> {
    return this.heartbeats.write();
  }

  /**
   * Takes in what another system says of a person; a report of the same source replaces the last one,
   * and one without a status withdraws it.
   *
   * @throws BAD_USER_INPUT when a status comes without an end: reports must run out by themselves
   */
  @Idempotent(outcomes.presence)
  async reportExternalStatus(
    actor: Actor,
    input: inputs.ReportExternalStatusInput,
  ): Promise<Presence> {
    const { user, source, statusId, until } = parseInput(
      actor,
      inputs.reportExternalStatusInput,
      input,
    );
    return this.edit(actor, "reportExternalStatus", user, statusId, (state, wished) => {
      if (statusId === null || statusId === undefined) {
        const kept = state.claims.filter(
          (claim) => claim.kind !== "EXTERNAL" || claim.source !== source,
        );
        if (kept.length === state.claims.length) return { result: state.presence };
        return { edit: { kept }, result: state.presence, audit: { source, statusId: null } };
      }
      if (!until) throw badInput([{ path: "until", message: "is required with a statusId" }]);
      wished();
      assertFuture(until, state.now);
      const edit = claiming(state, {
        kind: "EXTERNAL",
        source,
        statusId,
        setAt: state.now,
        until,
        setBy: actor.userId,
        reason: null,
      });
      return { edit, result: state.presence, audit: { source, statusId, until } };
    });
  }

  /** Notes the state of the telephone line; the status in effect does not follow from it. */
  @Idempotent(outcomes.presence)
  async reportTelephoneStatus(
    actor: Actor,
    input: inputs.ReportTelephoneStatusInput,
  ): Promise<Presence> {
    const { user, telephoneStatus } = parseInput(actor, inputs.reportTelephoneStatusInput, input);
    return this.edit(actor, "reportTelephoneStatus", user, null, ({ presence, now }) => {
      if (presence.telephoneStatus === telephoneStatus) return { result: presence };
      const edit = { columns: { telephoneStatus, telephoneChangedAt: now } };
      return { edit, result: presence, audit: { telephoneStatus } };
    });
  }

  /**
   * Tells of what ran out, each of it once, however many processes do so.
   *
   * @returns how late each was told, in milliseconds
   */
  async settleDue(): Promise<number[]> {
    const settle = () => this.changes.make(system("sweep"), settleExpired);
    const first = await settle();
    if (first.length < SETTLE_BATCH) return first;
    // When much has ended at once: Postgres writes one batch while the next is worked out here.
    const lines = Array.from({ length: SETTLE_LINES }, () =>
      collectInBatches(SETTLE_BATCH, settle),
    );
    return [first, ...(await Promise.all(lines))].flat();
  }

  private async read(userId: number): Promise<Presence> {
    const columns = this.reader.table(Presence).columns("p");
    const [presence] = await this.reader.rows(
      Presence,
      `SELECT ${columns}, ${columnsAsOf("p", TRANSACTION_TIME)} FROM presences p WHERE p.user_id = $1`,
      [userId],
    );
    if (!presence) throw new Error("everybody has a presence");
    return asOfReading(presence);
  }

  /** Finds the person; the rest is the same for all changes. */
  private async edit<Result>(
    actor: Actor,
    operation: Operation,
    ref: UserRef,
    statusId: number | null | undefined,
    decide: Decide<Result>,
  ): Promise<Result> {
    const userId = await userIdOfRef(this.reader, actor, operation, ref);
    return this.edits.make({ actor, operation, userId, statusId: statusId ?? null, decide });
  }
}

/** @throws STATUS_LOCKED with the lock */
function assertUnlocked({ claims, now }: PresenceState): void {
  const lock = leadingClaim(claims, "LOCK", now);
  if (!lock) return;
  const reason = lock.reason === null ? "" : `: ${lock.reason}`;
  throw new DomainError("STATUS_LOCKED", `The status is locked${reason}`, {
    lock: {
      statusId: lock.statusId,
      reason: lock.reason,
      lockedAt: lock.setAt.toISOString(),
      until: lock.until?.toISOString() ?? null,
    },
  });
}

function assertFuture(until: Date | null | undefined, now: Date): void {
  if (until && until <= now) throw badInput([{ path: "until", message: "must be in the future" }]);
}

/** @throws BAD_USER_INPUT when nobody stands behind the credential */
function ownRef(actor: Actor): UserRef {
  authorize(actor, "viewer");
  if (actor.userId === null) {
    throw badInput([{ path: "user", message: "is required: the credential belongs to no user" }]);
  }
  return { id: toGlobalId("User", actor.userId) };
}
