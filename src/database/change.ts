import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from "typeorm";
import { type Actor } from "../domain/actor.js";
import type { IdempotentCall } from "../domain/idempotent-call.js";
import { keyConflict, unavailable } from "../errors/domain-error.js";
import { isTransient, refusalOf } from "../errors/postgres.js";
import { type Announcement, type AuditEntry, ChangeRecord } from "./change-record.js";
import {
  AlreadyMadeError,
  claimCall,
  recordOutcome,
  remember,
  storedOutcome,
} from "./idempotent-change.js";
import { Queries } from "./queries.js";
import type { Reader } from "./reader.js";
import type { Table } from "./table.js";
import { Transaction } from "./transaction.js";

/** One transaction, with what it will say of itself: the change, its audit and its events stand or fall together. */
export class Change extends Queries {
  constructor(
    private readonly transaction: Transaction,
    private readonly reader: Reader,
    readonly actor: Actor,
    private readonly record = new ChangeRecord(),
  ) {
    super();
  }

  /** The same transaction for somebody else, who answers for what is audited by it. */
  onBehalfOf(actor: Actor): Change {
    return new Change(this.transaction, this.reader, actor, this.record);
  }

  /** For what no text of ours says better. Each of its calls waits for an answer. */
  get manager(): EntityManager {
    return this.transaction.manager;
  }

  /** @returns the rows, whatever kind of statement */
  async query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    this.assertBeforeDeadline();
    return this.transaction.query<Raw>(sql, values);
  }

  table<Row extends ObjectLiteral>(entity: EntityTarget<Row>): Table<Row> {
    return this.reader.table(entity);
  }

  /** For statements whose answer nobody needs: none is waited for, and when one fails, the change does. */
  write(sql: string, values: readonly unknown[]): void {
    this.assertBeforeDeadline();
    this.transaction.write(sql, values);
  }

  get hasAnnounced(): boolean {
    return this.record.hasAnnounced;
  }

  audit(entry: AuditEntry): void {
    this.record.audit(this.actor, entry);
  }

  announce(announcement: Announcement): void {
    this.record.announce(announcement);
  }

  /** @throws SERVICE_UNAVAILABLE when nobody waits for it any more, so that it is undone */
  assertBeforeDeadline(): void {
    const { deadline = Infinity } = this.actor;
    if (performance.now() > deadline) throw unavailable();
  }

  /** Writes audit and events, last: nothing waits on their locks. */
  flush(): void {
    this.record.writeBy((sql, values) => this.write(sql, values));
  }
}

const MAX_ATTEMPTS = 4;

/** Where every change is made: the only way in which services write. */
export class Changes {
  /** @param onAnnounced called after a commit that wrote events */
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: Reader,
    private readonly onAnnounced: () => void = () => undefined,
  ) {}

  /**
   * Runs `work` in one transaction. A deadlock or serialisation failure is tried again from the start,
   * so `work` must have no effect but through the change. A violated unique constraint becomes CONFLICT.
   *
   * For a request with an Idempotency-Key it runs once: later executions of the request get the same result. A
   * service's method therefore makes one change at most, and returns what that has yielded.
   *
   * @throws SERVICE_UNAVAILABLE when the database cannot do it now
   */
  async make<Result>(actor: Actor, work: (change: Change) => Promise<Result>): Promise<Result> {
    if (actor.idempotency) throw new Error("a change without a type of outcome: @Idempotent");
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(actor, work);
      } catch (error) {
        const { idempotencyCall: call } = actor;
        if (error instanceof AlreadyMadeError && call) return this.recall(call);
        if (!isTransient(error) || attempt === MAX_ATTEMPTS) throw refusalOf(error) ?? error;
      }
    }
  }

  private async recall<Result>({ record, keys, type }: IdempotentCall): Promise<Result> {
    const remembered = await remember(this.reader, record);
    const outcome = remembered && storedOutcome(remembered.outcomes, keys);
    if (typeof outcome !== "string") throw keyConflict("IDEMPOTENCY_KEY_REUSED");
    return type.read(outcome) as Result;
  }

  private async attempt<Result>(
    actor: Actor,
    work: (change: Change) => Promise<Result>,
  ): Promise<Result> {
    const { idempotencyCall: call } = actor;
    let hasAnnounced = false;
    const result = await Transaction.run(this.dataSource, this.reader.names, async (begun) => {
      const change = new Change(begun, this.reader, actor);
      if (call) await claimCall(change, call);
      const outcome = await work(change);
      change.flush();
      if (call) await recordOutcome(change, call, outcome);
      change.assertBeforeDeadline();
      hasAnnounced = change.hasAnnounced;
      return outcome;
    });
    if (hasAnnounced) this.onAnnounced();
    return result;
  }
}
