import { type Actor, system } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import type { Presence } from "../../entities/presence.entity.js";
import { badInput, notFound } from "../../errors/domain-error.js";
import { isUndone } from "../../errors/postgres.js";
import type { Change, Changes } from "../../database/changes/change.js";
import { GroupCommit } from "../../database/group-commit.js";
import { collectWhileFull } from "../../database/repeat-while-full.js";
import type { Page, PageRequest } from "../../database/pagination/keyset-page.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";
import { parseInput } from "../parse-input.js";
import { getUser, refOfSelf, userIdOfRef, type UserRef } from "../users/user-ref.js";
import { EXPIRY_BATCH, EXPIRY_CONCURRENCY, expirePresences } from "./expiry.js";
import { Heartbeats } from "./heartbeats.js";
import {
  type CommandInput,
  commandInputs,
  type CommandName,
  type PresenceCommand,
} from "./inputs.js";
import { fetchPresences, type PresenceFilter } from "./presence-list.js";
import { applyCommand } from "./rules.js";
import {
  type LockOptions,
  lockPresences,
  readPresence,
  readStatuses,
  writeTransitions,
} from "./store.js";
import { type Transition, transitionOf } from "./transition.js";

export interface StatusOutcome {
  readonly presence: Presence;
  /** False for a request older than the last one applied: nothing has changed. */
  readonly applied: boolean;
}

interface PresenceRequest {
  readonly actor: Actor;
  readonly userId: number;
  readonly command: PresenceCommand;
}

type Outcome = { readonly result: StatusOutcome } | { readonly refusal: unknown };

/** By user id. */
type Requests = ReadonlyMap<number, PresenceRequest>;
type Outcomes = ReadonlyMap<number, Outcome>;

/** Of the transaction that a batch shares; each audit record has the actor of its request. */
const BATCH_ACTOR: Actor = system("presence edits");

const NO_OUTCOMES: Outcomes = new Map();

const presenceOf = ({ presence }: StatusOutcome): Presence => presence;

/**
 * Presences, their claims and the status history. Each operation parses its input, authorises the caller and runs a command
 * in a transaction; concurrent commands share one, see docs/decisions/0024-changes-of-one-moment-together.md.
 */
export class PresenceService {
  private readonly heartbeats: Heartbeats;
  private readonly commits = new GroupCommit((requests: Requests) => this.executeBatch(requests));

  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
    private readonly leaseSeconds: number,
  ) {
    this.heartbeats = new Heartbeats(changes, leaseSeconds);
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
   * Sets the manual status, without an end or until a time, after which the status before it returns.
   *
   * @returns `applied` false for a request older than the last one applied: nothing has changed
   * @throws STATUS_LOCKED while the status is locked, NOT_FOUND for an unknown status, BAD_USER_INPUT for a status that is not
   *   selectable or an end in the past, CONFLICT for a deactivated user
   */
  @Idempotent(outcomes.statusOutcome)
  setStatus(actor: Actor, input: CommandInput<"setStatus">): Promise<StatusOutcome> {
    return this.run(actor, "setStatus", input, (outcome) => outcome);
  }

  /**
   * Locks a user in a status until the lock is released or expires. Replaces an earlier lock.
   *
   * @throws NOT_FOUND for an unknown status, BAD_USER_INPUT for an end in the past
   */
  @Idempotent(outcomes.presence)
  lockStatus(actor: Actor, input: CommandInput<"lockStatus">): Promise<Presence> {
    return this.run(actor, "lockStatus", input, presenceOf);
  }

  /** Releases the lock; the strongest other claim takes effect. Without a lock nothing changes. */
  @Idempotent(outcomes.presence)
  unlockStatus(actor: Actor, input: CommandInput<"unlockStatus">): Promise<Presence> {
    return this.run(actor, "unlockStatus", input, presenceOf);
  }

  /**
   * Stores the report of another system. It replaces the last report of the same source; without a status it withdraws it.
   *
   * @throws BAD_USER_INPUT for a status without an end, since reports must expire; NOT_FOUND for an unknown status
   */
  @Idempotent(outcomes.presence)
  reportExternalStatus(
    actor: Actor,
    input: CommandInput<"reportExternalStatus">,
  ): Promise<Presence> {
    return this.run(actor, "reportExternalStatus", input, presenceOf);
  }

  /** Stores the state of the telephone line, which has no effect on the status. */
  @Idempotent(outcomes.presence)
  reportTelephoneStatus(
    actor: Actor,
    input: CommandInput<"reportTelephoneStatus">,
  ): Promise<Presence> {
    return this.run(actor, "reportTelephoneStatus", input, presenceOf);
  }

  /**
   * Renews the lease that keeps a user online, and stores the current view. Not audited. A heartbeat that changes nothing
   * visible is returned immediately and written later, with those of other users.
   *
   * @throws BAD_USER_INPUT when no user is named and the credential belongs to none
   */
  @Idempotent(outcomes.presence)
  async heartbeat(actor: Actor, input: CommandInput<"heartbeat">): Promise<Presence> {
    const { user: ref, lastView } = parseInput(actor, commandInputs.heartbeat, input);
    const user = await getUser(this.reader, actor, "heartbeat", ref ?? ownRef(actor));
    const presence = await readPresence(this.reader, user.id);
    // The outcome of an idempotent request is stored in the transaction of its change.
    if (!actor.idempotencyCall && user.active && this.heartbeats.canDefer(presence, lastView)) {
      return this.heartbeats.defer(presence);
    }
    const command = { operation: "heartbeat", lastView } as const;
    return this.execute({ actor, userId: user.id, command }, presenceOf);
  }

  /** Heartbeats of users with open connections; they are online within a second. */
  keepAlive(userIds: Iterable<number>): void {
    for (const userId of userIds) this.heartbeats.collect(userId);
  }

  /**
   * Writes the collected heartbeats.
   *
   * @returns how many were written
   */
  writeHeartbeats(): Promise<number> {
    return this.heartbeats.write();
  }

  /**
   * Writes the history and the events of what has expired, each once, also with several processes.
   *
   * @returns how late each presence is, in milliseconds
   */
  async expireDue(): Promise<number[]> {
    const expire = () => this.changes.make(system("sweep"), expirePresences);
    const first = await expire();
    if (first.length < EXPIRY_BATCH) return first;
    // Many have expired together: Postgres writes one batch while this process computes the next.
    const rest = Array.from({ length: EXPIRY_CONCURRENCY }, () =>
      collectWhileFull(EXPIRY_BATCH, expire),
    );
    return [first, ...(await Promise.all(rest))].flat();
  }

  /**
   * Parses the input, authorises the caller and executes the command.
   *
   * @throws BAD_USER_INPUT, FORBIDDEN, NOT_FOUND for an unknown user, and the refusal of the command
   */
  private async run<Result>(
    actor: Actor,
    operation: Exclude<CommandName, "heartbeat">,
    input: unknown,
    resultOf: (outcome: StatusOutcome) => Result,
  ): Promise<Result> {
    const { user, ...fields } = parseInput(actor, commandInputs[operation], input);
    const userId = await userIdOfRef(this.reader, actor, operation, user);
    const command = { operation, ...fields } as PresenceCommand;
    return this.execute({ actor, userId, command }, resultOf);
  }

  /** In a batch, or else alone. */
  private async execute<Result>(
    request: PresenceRequest,
    resultOf: (outcome: StatusOutcome) => Result,
  ): Promise<Result> {
    const { actor, userId } = request;
    // An idempotent request needs its own transaction, which also stores its outcome.
    const shared = actor.idempotencyCall ? undefined : await this.commits.join(userId, request);
    if (shared) return resultOf(resultIn(shared));
    return this.changes.make(actor, async (change) => {
      const outcome = (await this.applyCommands(change, new Map([[userId, request]]))).get(userId);
      if (!outcome) throw notFound("User", toGlobalId("User", userId));
      return resultOf(resultIn(outcome));
    });
  }

  /** Leaves out users that other transactions have locked. When the batch fails, it leaves out all. */
  private async executeBatch(requests: Requests): Promise<Outcomes> {
    try {
      return await this.changes.make(BATCH_ACTOR, async (change) => {
        const outcomes = await this.applyCommands(change, requests, { onLocked: "skip_locked" });
        if (outcomes.size > 0 && [...outcomes.values()].every(isRefused)) {
          throw new AllRefusedError(outcomes);
        }
        return outcomes;
      });
    } catch (error) {
      if (error instanceof AllRefusedError) return error.outcomes;
      // One request may be the cause: executed alone, each gets its own error.
      if (isUndone(error)) return NO_OUTCOMES;
      throw error;
    }
  }

  /**
   * The transaction: locks the presences, applies a command to each, audits and writes the transitions. A refusal concerns its
   * own request only, and nothing is written for that.
   *
   * @returns without unknown users and those that are left out as locked
   */
  private async applyCommands(
    change: Change,
    requests: Requests,
    options: LockOptions = {},
  ): Promise<Outcomes> {
    const [states, statuses] = await Promise.all([
      lockPresences(change, [...requests.keys()], options),
      readStatuses(change, requestedStatusIds(requests)),
    ]);
    const outcomes = new Map<number, Outcome>();
    const transitions: Transition[] = [];
    for (const state of states) {
      const { userId } = state.presence;
      const request = requests.get(userId);
      if (!request) continue;
      const { actor, command } = request;
      try {
        const own = change.onBehalfOf(actor);
        own.assertBeforeDeadline();
        const decision = applyCommand(state, command, {
          setBy: actor.userId,
          statuses,
          leaseSeconds: this.leaseSeconds,
        });
        const by = { actor, cause: command.operation };
        const transition = transitionOf(state, decision.edit, by);
        const presence = transition?.after ?? state.presence;
        if (decision.audit) {
          own.audit({
            action: command.operation,
            targetType: "User",
            targetId: toGlobalId("User", userId),
            before: { statusInEffect: state.presence.statusId },
            after: { ...decision.audit, statusInEffect: presence.statusId },
          });
        }
        if (transition) transitions.push(transition);
        outcomes.set(userId, { result: { presence, applied: !decision.isStale } });
      } catch (refusal) {
        outcomes.set(userId, { refusal });
      }
    }
    writeTransitions(change, transitions);
    return outcomes;
  }
}

const requestedStatusIds = (requests: Requests): number[] => {
  const ids = [...requests.values()].map(({ command }) =>
    "statusId" in command ? command.statusId : null,
  );
  return [...new Set(ids)].filter((id) => typeof id === "number");
};

/** Rolls back a batch in which nothing was changed. */
class AllRefusedError extends Error {
  override readonly name = "AllRefusedError";

  constructor(readonly outcomes: Outcomes) {
    super("every request of the batch was refused");
  }
}

const isRefused = (outcome: Outcome): boolean => "refusal" in outcome;

/** @throws the refusal */
function resultIn(outcome: Outcome): StatusOutcome {
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome.result;
}

/** @throws BAD_USER_INPUT for a credential without a user */
function ownRef(actor: Actor): UserRef {
  authorize(actor, "viewer");
  const ref = refOfSelf(actor);
  if (ref) return ref;
  throw badInput([{ path: "user", message: "is required: the credential belongs to no user" }]);
}
