import { z } from "zod";
import { type Actor, system } from "../../domain/actor.js";
import { fromGlobalId } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import {
  hasEnded,
  MAX_TTL_SECONDS,
  mayBecome,
  type Capacity,
  whyUnavailable,
} from "../../domain/reservation.js";
import * as text from "../../domain/text-rules.js";
import { Reservation } from "../../entities/reservation.entity.js";
import { conflict, type DomainError, notAvailable, notFound } from "../../errors/domain-error.js";
import { type Change, type Changes } from "../../database/changes/change.js";
import type { Queries } from "../../database/queries.js";
import type { Reader } from "../../database/reader.js";
import { AttemptLimiter } from "./attempt-limiter.js";
import { authorize } from "../authorize.js";
import { lockNextAvailable, noneAvailable } from "./next-available.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import {
  lookUpCapacity,
  readCapacity,
  recountOpenSlots,
  underPresenceLock,
} from "../agents/capacity.js";
import { parseInput } from "../parse-input.js";
import { getUser, userRef } from "../users/user-ref.js";
import { wrapUp } from "../presence/rules.js";
import { applyTransitions, lockPresence } from "../presence/store.js";
import { announceReservation, EXPIRY_BATCH, expireHolds } from "./end.js";
import { holdSlot } from "./hold.js";
import { reservationAsOfReading } from "./reading.js";
import { collectWhileFull } from "../../database/repeat-while-full.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const holdOptions = {
  channel: text.label.nullish(),
  ttlSeconds: z.int().min(1).max(MAX_TTL_SECONDS).nullish(),
};
const reserveInput = z.object({ ...holdOptions, user: userRef });
export type ReserveInput = z.input<typeof reserveInput>;

const reserveNextAvailableInput = z.object({
  ...holdOptions,
  groupId: z.string().max(100).nullish(),
});
export type ReserveNextAvailableInput = z.input<typeof reserveNextAvailableInput>;

/** The fencing token proves that the caller holds the reservation. */
const holderInput = z.object({ id: z.string().max(100), fencingToken: z.int() });
export type HolderInput = z.input<typeof holderInput>;

/** Each failed attempt means that another caller got an agent, so the limit is reached only when agents are few. */
const MAX_ATTEMPTS = 100;

/** Reservations of agents for live channels: each takes a slot until it is released or expires. */
export class ReservationService {
  private readonly attempts = new AttemptLimiter<number>();

  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
    private readonly wrapUpSeconds: number,
  ) {}

  /**
   * Holds a slot of one agent.
   *
   * @throws NOT_FOUND for an unknown user, NOT_AVAILABLE with the reason
   */
  @Idempotent(outcomes.reservation)
  async reserve(actor: Actor, input: ReserveInput): Promise<Reservation> {
    const operation = "reserveUserForLiveChannel";
    const { user, ...options } = parseInput(actor, reserveInput, input);
    const { id } = await getUser(this.reader, actor, operation, user);
    // Without a lock, and shared by concurrent callers: refuses most of those that are too late.
    const check = async () => assertAvailable(await lookUpCapacity(this.reader, id));
    return this.attempts.make(id, check, () =>
      this.changes.make(actor, async (change) => {
        const capacity = await underPresenceLock(change, id, () => readCapacity(change, id));
        assertAvailable(capacity);
        return holdSlot(change, operation, capacity, options);
      }),
    );
  }

  /**
   * Holds a slot of the agent with most free slots, among those the longest idle; with `groupId`, of that group.
   *
   * @throws NOT_FOUND for an unknown group, NOT_AVAILABLE when no agent is free
   */
  @Idempotent(outcomes.reservation)
  async reserveNextAvailable(actor: Actor, input: ReserveNextAvailableInput): Promise<Reservation> {
    const operation = "reserveNextAvailable";
    authorize(actor, operation);
    const { groupId = null, ...options } = parseInput(actor, reserveNextAvailableInput, input);
    const attempt = async (change: Change) => {
      const capacity = await lockNextAvailable(change, groupId);
      if (!capacity) throw new TakenError();
      return holdSlot(change, operation, capacity, options);
    };
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
      const reservation = await this.changes.make(actor, attempt).catch(nullIfTaken);
      if (reservation) return reservation;
    }
    throw await noneAvailable(this.reader, groupId);
  }

  /**
   * Accepts a held reservation, which then lasts until it is released. A second call changes nothing.
   *
   * @throws NOT_FOUND, CONFLICT for another fencing token or a reservation that has expired or was released
   */
  @Idempotent(outcomes.reservation)
  accept(actor: Actor, input: HolderInput): Promise<Reservation> {
    return this.moveTo(actor, "acceptReservation", "ACCEPTED", input);
  }

  /**
   * Releases a held or accepted reservation. For one that has ended, nothing changes.
   *
   * @throws NOT_FOUND, CONFLICT for another fencing token
   */
  @Idempotent(outcomes.reservation)
  release(actor: Actor, input: HolderInput): Promise<Reservation> {
    return this.moveTo(actor, "releaseReservation", "RELEASED", input);
  }

  /**
   * Writes and announces the holds that have expired, each once, also with several processes.
   *
   * @returns how late each hold is, in milliseconds
   */
  expireDue(): Promise<number[]> {
    return collectWhileFull(EXPIRY_BATCH, () => this.changes.make(system("sweep"), expireHolds));
  }

  private async moveTo(
    actor: Actor,
    action: Operation,
    to: "ACCEPTED" | "RELEASED",
    input: HolderInput,
  ): Promise<Reservation> {
    authorize(actor, action);
    const { id, fencingToken } = parseInput(actor, holderInput, input);
    const found = await this.find(this.reader, id);
    return this.changes.make(actor, async (change) => {
      const reservation = await underPresenceLock(change, found.userId, () =>
        this.find(change, id),
      );
      const { state, readAt, userId } = reservation;
      if (reservation.fencingToken !== fencingToken) throw wrongToken();
      if (state === to || (to === "RELEASED" && hasEnded(state))) return reservation;
      if (!mayBecome(state, to)) throw hasEndedAs(state);

      change.write(`UPDATE reservations SET state = $2 WHERE id = $1`, [reservation.id, to]);
      Object.assign(reservation, { state: to });
      announceReservation(change, reservation);
      change.audit({
        action,
        targetType: "Reservation",
        targetId: reservation.globalId,
        before: { state },
        after: { state: to },
      });
      if (to === "RELEASED") {
        await recountOpenSlots(change, [{ userId, endedAt: readAt }]);
        if (state === "ACCEPTED") await this.wrapUp(change, userId, action);
      }
      return reservation;
    });
  }

  /** @throws NOT_FOUND */
  private async find(queries: Queries, id: string): Promise<Reservation> {
    const parsed = fromGlobalId(id);
    if (parsed?.type !== "Reservation") throw notFound("Reservation", id);
    const table = this.reader.table(Reservation);
    const [row] = await queries.query(
      `SELECT ${table.columns("r")}, ${STATEMENT_TIME} AS "readAt" FROM reservations r WHERE r.id = $1`,
      [parsed.key],
    );
    if (!row) throw notFound("Reservation", id);
    return reservationAsOfReading(table.toRow(row));
  }

  private async wrapUp(change: Change, userId: number, action: Operation): Promise<void> {
    if (this.wrapUpSeconds === 0) return;
    const state = await lockPresence(change, userId);
    applyTransitions(change, [state], action, () => wrapUp(state, this.wrapUpSeconds));
  }
}

/** Another transaction has reserved the chosen agent. */
class TakenError extends Error {
  override readonly name = "TakenError";
}

function nullIfTaken(error: unknown): null {
  if (error instanceof TakenError) return null;
  throw error;
}

/** @throws NOT_AVAILABLE */
function assertAvailable(capacity: Capacity): void {
  const unavailable = whyUnavailable(capacity);
  if (unavailable) throw notAvailable(unavailable.message, unavailable.reason);
}

const wrongToken = (): DomainError =>
  conflict("The fencing token is not that of the reservation", { reason: "WRONG_FENCING_TOKEN" });

const hasEndedAs = (state: string): DomainError =>
  conflict(`The reservation has ended: it is ${state}`, { reason: state });
