import type { Actor } from "../domain/actor.js";
import type { Loaders } from "../loaders/index.js";
import { Batches } from "./execution/batched.js";
import type { Services } from "../services/index.js";
import { inOperation } from "../services/idempotency/idempotent.js";

/** What a resolver is given. */
export class Context {
  /** Of the operation's change, once it is under way. */
  outcome: Promise<unknown> | undefined;

  /** Root fields of the mutation that were begun. */
  private readonly begun: string[] = [];

  constructor(
    /** Changes when `login` succeeds, for what follows it in the same request, and with each operation under an Idempotency-Key. */
    public actor: Actor,
    readonly services: Services,
    readonly loaders: Loaders,
    /** A request has its own; events that are told together share theirs. */
    readonly batches = new Batches(),
  ) {}

  /** Before a root field of a mutation. They are executed in the same order each time. */
  beginChange(field: string): void {
    const index = this.begun.push(field) - 1;
    const number = this.begun.filter((name) => name === field).length;
    this.actor = inOperation(this.actor, index, field, number);
  }
}
