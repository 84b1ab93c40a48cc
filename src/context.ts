import type { Actor } from "./domain/actor.js";
import { createLoaders, type Loaders } from "./loaders/index.js";
import type { Services } from "./services/index.js";

/** What a resolver is given, once per request. */
export interface Context {
  /** Changes once: when `login` succeeds, for what follows it in the same request. */
  actor: Actor;
  readonly services: Services;
  /** Of a mutation they keep nothing: what one field has loaded a later one may change. */
  readonly loaders: Loaders;
}

/** A request that loads nothing, as most mutations are, makes no loaders. */
export class RequestContext implements Context {
  /** False for mutations; to be set before anything is loaded. */
  keepsReads = true;
  private made: Loaders | undefined;

  constructor(
    public actor: Actor,
    readonly services: Services,
  ) {}

  get loaders(): Loaders {
    this.made ??= createLoaders(this.services.reader, { cache: this.keepsReads });
    return this.made;
  }
}
