import type { Actor } from "./domain/actor.js";
import type { Loaders } from "./loaders/index.js";
import type { Services } from "./services/index.js";

/** What a resolver is given, once per request. */
export interface Context {
  /** Changes once: when `login` succeeds, for what follows it in the same request. */
  actor: Actor;
  readonly services: Services;
  /** Replaced by ones that keep nothing when the operation is a mutation. */
  loaders: Loaders;
}
