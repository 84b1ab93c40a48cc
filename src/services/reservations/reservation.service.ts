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
import { type Change, type Changes } from "../../database/change.js";
import type { Queries } from "../../database/queries.js";
import type { Reader } from "../../database/reader.js";
import { AttemptLimiter } from "../credentials/attempt-limiter.js";
import { authorize } from "../authorize.js";
import { assertGroup, lockNextAvailable } from "./next-available.js";
import { STATEMENT_TIME } from "../../database/sql-time.js";
import { lockCapacity, readCapacity, recountOpenSlots } from "../agents/capacity.js";
import { parseInput } from "../parse-input.js";
import { getUser, userRef } from "../users/user-ref.js";
import { wrapUp } from "../presence/rules.js";
import { applyTransitions, lockPresence } from "../presence/store.js";
import { announceReservation, EXPIRY_BATCH, expireHolds } from "./end.js";
import { hold } from "./hold.js";
import { reservationAsOfReading } from "./reading.js";
import { collectInBatches } from "../../database/in-batches.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const terms = {
  channel: text.label.nullish(),
  ttlSeconds: z.int().min(1).max(MAX_TTL_SECONDS).nullish(),
};
const reserveInput = z.object({ ...terms, user: userRef });
export type ReserveInput = z.input<typeof reserveInput>;

const reserveNextAvailableInput = z.object({ ...terms, groupId: z.string().max(100).nullish() });
export type ReserveNextAvailableInput = z.input<typeof reserveNextAvailableInput>;

/** Which reservation, and the proof that the caller is the one who was given it. */
const holderInput = z.object({ id: z.string().max(100), fencingToken: z.int() });
export type HolderInput = z.input<typeof holderInput>;

/** Each of them means that somebody else was served, so that nobody gets here while there is anything to have. */
const MAX_ATTEMPTS = 100;

/** Agents held for live channels, for a short time, so that nobody else routes to them. */
export class ReservationService {
  private readonly attempts = new AttemptLimiter<number>();

  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
    private readonly wrapUpSeconds: number,
  ) {}

  /**
   * Holds one person for one chat.
   *
   * @throws NOT_FOUND for an unknown user, NOT_AVAILABLE with the reason
   */
  @Idempotent(outcomes.reservation)
  async reserve(actor: Actor, input: ReserveInput): Promise<Reservation> {
    const operation = "reserveUserForLiveChannel";
    const { user, ...terms } = parseInput(actor, reserveInput, input);
    const { id } = await getUser(this.reader, actor, operation, user);
    // Concurrent callers for one user share the look-up, and most of those who are too late are refused by it.
    const lookUps = {
      query: async <Raw extends object>(
        sql: string,
        values?: readonly unknown[],
      ): Promise<Raw[]> => [...(await this.reader.lookUp<Raw>(sql, values))],
    };
    const look = async () => assertAvailable(await readCapacity(lookUps, id));
    return this.attempts.make(id, look, () =>
      this.changes.make(actor, async (change) => {
        // Sent together; Postgres begins with the second when the lock is there.
        const [, capacity] = await Promise.all([
          lockCapacity(change, id),
          readCapacity(change, id),
        ]);
        assertAvailable(capacity);
        return hold(change, this.reader, operation, capacity, terms);
      }),
    );
  }

  /**
   * Holds whoever has most free slots, of those the longest idle, of the whole house or of a group.
   *
   * @throws NOT_FOUND for an unknown group, NOT_AVAILABLE when nobody is free
   */
  @Idempotent(outcomes.reservation)
  async reserveNextAvailable(actor: Actor, input: ReserveNextAvailableInput): Promise<Reservation> {
    const operation = "reserveNextAvailable";
    authorize(actor, operation);
    const { groupId = null, ...terms } = parseInput(actor, reserveNextAvailableInput, input);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        return await this.changes.make(actor, async (change) => {
          const userId = await lockNextAvailable(change, groupId);
          if (userId === null) throw await nobodyAvailable(change, groupId);
          const capacity = await readCapacity(change, userId);
          if (whyUnavailable(capacity)) throw new TakenError();
          return hold(change, this.reader, operation, capacity, terms);
        });
      } catch (error) {
        if (!(error instanceof TakenError)) throw error;
      }
    }
    throw await nobodyAvailable(this.reader, groupId);
  }

  /**
   * Takes a held agent up, who then stays reserved until released. Doing it twice changes nothing.
   *
   * @throws NOT_FOUND, CONFLICT for another fencing token, and when it has expired or was released
   */
  @Idempotent(outcomes.reservation)
  accept(actor: Actor, input: HolderInput): Promise<Reservation> {
    return this.step(actor, "acceptReservation", "ACCEPTED", input);
  }

  /**
   * Gives the slot back, accepted or not. One that has ended stays as it is, so doing it twice, or too
   * late, changes nothing.
   *
   * @throws NOT_FOUND, CONFLICT for another fencing token
   */
  @Idempotent(outcomes.reservation)
  release(actor: Actor, input: HolderInput): Promise<Reservation> {
    return this.step(actor, "releaseReservation", "RELEASED", input);
  }

  /** Tells of holds that ran out, each once, however many processes do so. */
  expireDue(): Promise<number[]> {
    return collectInBatches(EXPIRY_BATCH, () => this.changes.make(system("sweep"), expireHolds));
  }

  /** The shape of both steps: find, lock the person, decide, write, tell. */
  private async step(
    actor: Actor,
    action: Operation,
    to: "ACCEPTED" | "RELEASED",
    input: HolderInput,
  ): Promise<Reservation> {
    authorize(actor, action);
    const { id, fencingToken } = parseInput(actor, holderInput, input);
    const found = await this.find(this.reader, id);
    return this.changes.make(actor, async (change) => {
      const [, reservation] = await Promise.all([
        lockCapacity(change, found.userId),
        this.find(change, id),
      ]);
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

/** Whoever was chosen was reserved by somebody else meanwhile. */
class TakenError extends Error {
  override readonly name = "TakenError";
}

/** @throws NOT_FOUND when there is no such group */
async function nobodyAvailable(queries: Queries, groupId: string | null): Promise<DomainError> {
  if (groupId !== null) await assertGroup(queries, groupId);
  return notAvailable("Nobody is available", "NOBODY_AVAILABLE");
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
