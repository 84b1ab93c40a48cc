import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from "typeorm";
import { type Actor } from "../../domain/actor.js";
import type { IdempotentCall } from "../../domain/idempotent-call.js";
import { keyConflict, unavailable } from "../../errors/domain-error.js";
import { isTransient, refusalOf } from "../../errors/postgres.js";
import { type Announcement, type AuditEntry, ChangeRecord } from "./change-record.js";
import {
  AlreadyMadeError,
  claimCall,
  recordOutcome,
  remember,
  storedOutcome,
} from "./idempotent-change.js";
import { Queries } from "../queries.js";
import type { Reader } from "../reader.js";
import type { Table } from "../table.js";
import { Transaction } from "./transaction.js";

/** One transaction: its rows, audit records and events are committed together or not at all. */
export class Change extends Queries {
  constructor(
    private readonly transaction: Transaction,
    private readonly reader: Reader,
    readonly actor: Actor,
    private readonly record = new ChangeRecord(),
  ) {
    super();
  }

  /** The same transaction on behalf of another actor, which its audit records name. */
  onBehalfOf(actor: Actor): Change {
    return new Change(this.transaction, this.reader, actor, this.record);
  }

  /** TypeORM's, for code where SQL of our own would not be clearer. Not pipelined: each call waits for its result. */
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

  /** Sends a statement whose result is not needed. If it fails, the change fails. */
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

  /** @throws SERVICE_UNAVAILABLE after the actor's deadline, so that the change is rolled back */
  assertBeforeDeadline(): void {
    const { deadline = Infinity } = this.actor;
    if (performance.now() > deadline) throw unavailable();
  }

  /** Writes audit records and events. Last, so that their locks are short. */
  flush(): void {
    this.record.writeBy((sql, values) => this.write(sql, values));
  }
}

const MAX_ATTEMPTS = 4;

/** The only way in which services write. */
export class Changes {
  /** @param onAnnounced called after a commit that wrote events */
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: Reader,
    private readonly onAnnounced: () => void = () => undefined,
  ) {}

  /**
   * Runs `work` in one transaction. After a deadlock or serialisation failure `work` is repeated, so it must have no side
   * effects except through the change. A violated unique constraint becomes CONFLICT.
   *
   * For a request with an Idempotency-Key it runs once: later executions of the request get the same result. A service
   * method therefore makes at most one change, and returns its result.
   *
   * @throws SERVICE_UNAVAILABLE when the database cannot respond now
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
    const result = await Transaction.run(
      this.dataSource,
      this.reader.names,
      async (transaction) => {
        const change = new Change(transaction, this.reader, actor);
        if (call) await claimCall(change, call);
        const outcome = await work(change);
        change.flush();
        if (call) await recordOutcome(change, call, outcome);
        change.assertBeforeDeadline();
        hasAnnounced = change.hasAnnounced;
        return outcome;
      },
    );
    if (hasAnnounced) this.onAnnounced();
    return result;
  }
}
