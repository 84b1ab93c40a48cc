import type { Actor } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import { Status } from "../../entities/status.entity.js";
import { conflict, notFound } from "../../errors/domain-error.js";
import type { Change } from "../../database/change.js";
import {
  type LockOptions,
  lockPresences,
  type PresenceEdit,
  type PresenceState,
  settlementOf,
} from "./settlement.js";
import { type Settlement, writeSettlements } from "./writing.js";

/**
 * The rule of one operation. It is asked again when the transaction is.
 *
 * @param wished the status that was asked for; throws NOT_FOUND
 */
export type Decide<Result> = (state: PresenceState, wished: () => Status) => Decision<Result>;

export interface Decision<Result> {
  readonly edit?: PresenceEdit;
  /** With the very presence that was given: it becomes what is written. */
  readonly result: Result;
  /** What to write down; without it the change is not worth an audit record. */
  readonly audit?: object;
}

/** A change of one person's presence, as somebody asks for it. */
export interface AskedEdit<Result> {
  readonly actor: Actor;
  readonly operation: Operation;
  readonly userId: number;
  readonly statusId: number | null;
  readonly decide: Decide<Result>;
}

export type Outcome<Result> = { readonly result: Result } | { readonly refusal: unknown };

/**
 * The shape of every change here, for any number of people: lock, decide, settle, audit. Whoever is refused is so alone, and
 * nothing is written of them.
 *
 * @param edits by user id
 * @returns of those who are there, and not left out as locked
 */
export async function decideAll(
  change: Change,
  edits: ReadonlyMap<number, AskedEdit<unknown>>,
  options: LockOptions = {},
): Promise<Map<number, Outcome<unknown>>> {
  const [states, statuses] = await Promise.all([
    lockPresences(change, [...edits.keys()], options),
    readStatuses(change, edits.values()),
  ]);
  const outcomes = new Map<number, Outcome<unknown>>();
  const settlements: (Settlement | null)[] = [];
  for (const state of states) {
    const { userId } = state.presence;
    const edit = edits.get(userId);
    if (!edit) continue;
    try {
      const { result, settlement } = decideOne(
        change.onBehalfOf(edit.actor),
        state,
        edit,
        statuses,
      );
      settlements.push(settlement);
      outcomes.set(userId, { result });
    } catch (refusal) {
      outcomes.set(userId, { refusal });
    }
  }
  writeSettlements(change, settlements);
  return outcomes;
}

/** @throws whatever the person is refused with */
function decideOne(
  change: Change,
  state: PresenceState,
  { actor, operation, userId, statusId, decide }: AskedEdit<unknown>,
  statuses: ReadonlyMap<number, Status>,
): { result: unknown; settlement: Settlement | null } {
  change.assertBeforeDeadline();
  const targetId = toGlobalId("User", userId);
  if (!state.isActive && operation !== "unlockStatus") {
    throw conflict("The user is deactivated", { id: targetId });
  }
  const { edit, result, audit } = decide(state, () => {
    const wished = statusId === null ? undefined : statuses.get(statusId);
    if (!wished) throw notFound("Status", String(statusId));
    return wished;
  });
  const settlement = settlementOf(state, { actor, cause: operation }, edit);
  if (audit) {
    const before = { statusInEffect: state.presence.statusId };
    const after = {
      ...audit,
      statusInEffect: settlement?.columns.statusId ?? before.statusInEffect,
    };
    change.audit({ action: operation, targetType: "User", targetId, before, after });
  }
  return { result, settlement };
}

/** In one statement, by id, those that are wished for. */
async function readStatuses(
  change: Change,
  edits: Iterable<AskedEdit<unknown>>,
): Promise<Map<number, Status>> {
  const ids = new Set<number>();
  for (const { statusId } of edits) if (statusId !== null) ids.add(statusId);
  if (ids.size === 0) return new Map();
  const columns = change.table(Status).columns("s");
  const found = await change.rows(
    Status,
    `SELECT ${columns} FROM statuses s WHERE s.id = ANY($1::int[])`,
    [[...ids]],
  );
  return new Map(found.map((status) => [status.id, status]));
}
