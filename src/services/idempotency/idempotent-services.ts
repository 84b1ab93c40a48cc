import type { Actor } from "../../domain/actor.js";
import type { KeyedRequest } from "../../domain/idempotent-call.js";

type Method = (...parameters: unknown[]) => unknown;

/**
 * The services as a request with an Idempotency-Key sees them: each call of a service is given a name, and one
 * that made its change before is answered with what came of it then.
 *
 * Executing the same request again makes the same calls in the same order, but for reads: those are
 * numbered apart, by method, and never have an outcome.
 */
export function keyedServices<Services extends object>(
  services: Services,
  request: KeyedRequest,
  outcomes: ReadonlyMap<string, unknown>,
): Services {
  const calls = new Map<string, number>();

  const nameOf = (method: string): string => {
    const number = (calls.get(method) ?? 0) + 1;
    calls.set(method, number);
    return `${method} ${number}`;
  };

  const keyed = (service: object, serviceName: string) =>
    new Proxy(service, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== "function") return method;
        return (...parameters: unknown[]): unknown => {
          const [actor, ...rest] = parameters;
          const call = method as Method;
          if (!isKeyed(actor)) return call.apply(target, parameters);
          const name = nameOf(`${serviceName}.${String(property)}`);
          if (outcomes.has(name)) return Promise.resolve(outcomes.get(name));
          return call.apply(target, [{ ...actor, once: { request, name } }, ...rest]);
        };
      },
    });

  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, keyed(service as object, name)]),
  ) as Services;
}

const isKeyed = (actor: unknown): actor is Actor =>
  typeof actor === "object" && actor !== null && (actor as Partial<Actor>).once !== undefined;
