import type { Actor } from "../../domain/actor.js";
import type { IdempotencyScope, OutcomeType } from "../../domain/idempotent-call.js";
import { keysOfVersion0 } from "../../database/changes/idempotency-version-0.js";
import { storedOutcome } from "../../database/changes/idempotent-change.js";

/**
 * Begins the next operation of a request with an Idempotency-Key.
 *
 * @param index of the root field of a GraphQL mutation; 0 for REST
 * @param number of this operation among those of the same name, from 1
 */
export function inOperation(actor: Actor, index: number, operation: string, number = 1): Actor {
  if (!actor.idempotency) return actor;
  const keys = [String(index), ...keysOfVersion0(operation, number)];
  return { ...actor, idempotency: { ...actor.idempotency, keys } };
}

type Method<Rest extends unknown[], Outcome> = (actor: Actor, ...rest: Rest) => Promise<Outcome>;

/**
 * For methods that make a change. If an earlier execution of the request made it, the method is not called: the stored outcome is
 * returned, without any check, since the change was allowed and valid then.
 */
export const Idempotent =
  <Outcome>(type: OutcomeType<Outcome>) =>
  <Rest extends unknown[]>(
    _service: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Method<Rest, Outcome>>,
  ): void => {
    const method = descriptor.value;
    if (!method) throw new Error(`${name} is not a method`);
    descriptor.value = function (this: unknown, actor, ...rest) {
      const { idempotency, ...caller } = actor;
      if (!idempotency) return method.call(this, actor, ...rest);
      useOnce(idempotency);
      const { record, stored, keys } = idempotency;
      const text = storedOutcome(stored, keys);
      if (text !== undefined) return new Promise((resolve) => resolve(type.read(text)));
      return method.call(this, { ...caller, idempotencyCall: { record, keys, type } }, ...rest);
    };
  };

const used = new WeakSet<IdempotencyScope>();

/** A second change would be stored under the same keys. */
function useOnce(scope: IdempotencyScope): void {
  if (used.has(scope)) throw new Error(`operation ${scope.keys[0]} makes a second change`);
  used.add(scope);
}
