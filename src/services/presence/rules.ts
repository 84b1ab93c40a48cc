/** Pure rules of presence changes: what a command does to a locked presence, or why it is refused. */
import { toGlobalId } from "../../domain/global-id.js";
import { type Claim, leadingClaim, withoutReplaced } from "../../domain/presence.js";
import { WRAP_UP_STATUS_ID } from "../../domain/status.js";
import type { PresenceClaim } from "../../entities/presence-claim.entity.js";
import type { Presence } from "../../entities/presence.entity.js";
import type { Status } from "../../entities/status.entity.js";
import { badInput, conflict, DomainError, notFound } from "../../errors/domain-error.js";
import { assertFuture } from "../parse-input.js";
import type { ReportedColumn } from "./columns.js";
import type { CommandName, CommandOf, PresenceCommand } from "./inputs.js";

/** A locked presence, with everything that the rules depend on. */
export interface PresenceState {
  readonly presence: Presence;
  readonly claims: readonly PresenceClaim[];
  /** Database time, read after the lock was acquired. */
  readonly now: Date;
  /** False for a deactivated user. */
  readonly isActive: boolean;
}

/** A claim without the id that Postgres assigns. */
export interface NewClaim extends Claim {
  readonly setBy: number | null;
  readonly reason: string | null;
}

/** A change of a presence. Absent properties stay as they are. */
export interface PresenceEdit {
  /** The claims that stay; the others are deleted. */
  readonly kept?: readonly PresenceClaim[];
  readonly added?: NewClaim;
  readonly columns?: Partial<Pick<Presence, ReportedColumn | "leaseUntil">>;
  /** Stored in the status history. */
  readonly lastInternalCallId?: number | null;
}

export interface CommandContext {
  /** The caller's user; null for a credential without one. */
  readonly setBy: number | null;
  /** Includes the requested status, if it exists. */
  readonly statuses: ReadonlyMap<number, Status>;
  readonly leaseSeconds: number;
}

export interface Decision {
  /** Absent: the command changes nothing. */
  readonly edit?: PresenceEdit;
  /** For the audit record; without it none is written. */
  readonly audit?: object;
  /** The request is older than the last one applied. */
  readonly isStale?: true;
}

const UNCHANGED: Decision = {};

type Rule<Name extends CommandName> = (
  state: PresenceState,
  command: CommandOf<Name>,
  context: CommandContext,
) => Decision;

/** @throws CONFLICT for a deactivated user, and the refusal of the rule */
export function applyCommand(
  state: PresenceState,
  command: PresenceCommand,
  context: CommandContext,
): Decision {
  const { operation } = command;
  if (!state.isActive && operation !== "unlockStatus") {
    throw conflict("The user is deactivated", { id: toGlobalId("User", state.presence.userId) });
  }
  return (rules[operation] as Rule<CommandName>)(state, command, context);
}

const rules: { readonly [Name in CommandName]: Rule<Name> } = {
  setStatus(state, { statusId, until, requestedAt, lastInternalCallId }, context) {
    const { presence, now } = state;
    assertUnlocked(state);
    // A client whose clock is ahead must not prevent its own next request.
    const requested = requestedAt && requestedAt > now ? now : requestedAt;
    if (requested && presence.lastRequestedAt && requested < presence.lastRequestedAt) {
      return { isStale: true };
    }
    const status = requestedStatus(statusId, context);
    if (!status.selectable) {
      throw badInput([{ path: "statusId", message: `${status.name} is not for choosing` }]);
    }
    assertFuture("until", until, now);
    const edit: PresenceEdit = {
      ...withClaim(state, { kind: "MANUAL", statusId, until, setBy: context.setBy }),
      columns: requested ? { lastRequestedAt: requested } : {},
      lastInternalCallId: lastInternalCallId ?? null,
    };
    return { edit, audit: { statusId, until, lastInternalCallId } };
  },

  lockStatus(state, { statusId, reason, until }, context) {
    requestedStatus(statusId, context);
    assertFuture("until", until, state.now);
    const edit = withClaim(state, { kind: "LOCK", statusId, until, reason, setBy: context.setBy });
    return { edit, audit: { statusId, reason, until } };
  },

  unlockStatus({ claims, now }) {
    const lock = leadingClaim(claims, "LOCK", now);
    if (!lock) return UNCHANGED;
    return { edit: { kept: claims.filter((claim) => claim !== lock) }, audit: {} };
  },

  reportExternalStatus(state, { source, statusId, until }, context) {
    if (statusId === null || statusId === undefined) {
      const { claims } = state;
      const kept = claims.filter((claim) => claim.kind !== "EXTERNAL" || claim.source !== source);
      if (kept.length === claims.length) return UNCHANGED;
      return { edit: { kept }, audit: { source, statusId: null } };
    }
    if (!until) throw badInput([{ path: "until", message: "is required with a statusId" }]);
    requestedStatus(statusId, context);
    assertFuture("until", until, state.now);
    const claim = { kind: "EXTERNAL", source, statusId, until, setBy: context.setBy } as const;
    return { edit: withClaim(state, claim), audit: { source, statusId, until } };
  },

  reportTelephoneStatus({ presence, now }, { telephoneStatus }) {
    if (presence.telephoneStatus === telephoneStatus) return UNCHANGED;
    const columns = { telephoneStatus, telephoneChangedAt: now };
    return { edit: { columns }, audit: { telephoneStatus } };
  },

  heartbeat({ presence, now }, { lastView }, { leaseSeconds }) {
    const lease = renewedLease(presence, now, leaseSeconds);
    return { edit: { columns: { ...lease, ...viewColumns(lastView) } } };
  },
};

/** The columns that a heartbeat at a given time changes. */
export const renewedLease = (presence: Presence, at: Date, leaseSeconds: number) => ({
  leaseUntil: new Date(at.getTime() + leaseSeconds * 1000),
  onlineSince: presence.online ? presence.onlineSince : at,
  lastSeenAt: at,
});

type LastView = CommandOf<"heartbeat">["lastView"];

const viewColumns = (view: LastView) =>
  view && {
    lastViewModule: view.module,
    lastViewName: view.view,
    lastViewTarget: view.target ?? null,
  };

/** True also for a heartbeat without a view. */
export const isSameView = (presence: Presence, view: LastView): boolean =>
  Object.entries(viewColumns(view) ?? {}).every(
    ([column, value]) => presence[column as "lastViewName"] === value,
  );

/** The pause after a chat. */
export const wrapUp = (state: PresenceState, seconds: number): PresenceEdit =>
  withClaim(state, {
    kind: "INTERNAL",
    source: "wrap-up",
    statusId: WRAP_UP_STATUS_ID,
    until: new Date(state.now.getTime() + seconds * 1000),
    setBy: null,
  });

type ClaimFields = Pick<NewClaim, "kind" | "statusId" | "setBy"> &
  Partial<Record<"source" | "reason", string | null> & { readonly until: Date | null }>;

/** Adds a claim, and removes the claims that it replaces. */
function withClaim({ claims, now }: PresenceState, fields: ClaimFields): PresenceEdit {
  const { source = null, reason = null, until = null } = fields;
  const added = { ...fields, source, reason, until, setAt: now };
  return { kept: withoutReplaced(claims, added, now), added };
}

/** @throws NOT_FOUND */
function requestedStatus(statusId: number, { statuses }: CommandContext): Status {
  const status = statuses.get(statusId);
  if (!status) throw notFound("Status", String(statusId));
  return status;
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
