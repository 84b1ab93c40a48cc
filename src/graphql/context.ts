import type { SelectedColumns } from "../database/selected-columns.js";
import type { Actor } from "../domain/actor.js";
import type { Loaders } from "../loaders/index.js";
import { inOperation } from "../services/idempotency/idempotent.js";
import type { Services } from "../services/index.js";
import { FieldBatchers } from "./execution/batched.js";

/** The context of resolvers. */
export class Context {
  /** The root fields of the mutation that were started. */
  private readonly started: string[] = [];

  constructor(
    /** Changes when `login` succeeds, for the fields after it, and with each operation under an Idempotency-Key. */
    public actor: Actor,
    readonly services: Services,
    readonly loaders: Loaders,
    /** One per request; events of one batch share theirs. */
    readonly batchers = new FieldBatchers(),
    /** What is read of the rows that the resolver returns; undefined: all columns. */
    readonly columns?: SelectedColumns,
  ) {}

  /** The same for the resolver of one field. */
  selecting(columns: SelectedColumns): Context {
    return new Context(this.actor, this.services, this.loaders, this.batchers, columns);
  }

  /** Called before a root field of a mutation. Their order is the same in each execution of the request. */
  startMutation(field: string): void {
    const index = this.started.push(field) - 1;
    const number = this.started.filter((name) => name === field).length;
    this.actor = inOperation(this.actor, index, field, number);
  }
}
