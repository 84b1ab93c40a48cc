import type { DocumentNode } from "graphql";
import type { Actor } from "../domain/actor.js";
import type { Loaders } from "../loaders/index.js";
import { Batches } from "./execution/batched.js";
import type { Services } from "../services/index.js";

/** What a resolver is given. */
export class Context {
  /** What Apollo executes for it. */
  document: DocumentNode | undefined;

  /** Of the operation's change, once it is under way. */
  outcome: Promise<unknown> | undefined;

  constructor(
    /** Changes once: when `login` succeeds, for what follows it in the same request. */
    public actor: Actor,
    readonly services: Services,
    readonly loaders: Loaders,
    /** A request has its own; events that are told together share theirs. */
    readonly batches = new Batches(),
  ) {}
}
