import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import {
  type Claim,
  effectiveStatus,
  planPresence,
  presenceAt,
  type PresencePlan,
  withoutReplaced,
} from "../../src/domain/presence.js";
import type { ClaimKind } from "../../src/domain/vocabulary.js";
import { at, claimOf, moments, statusIds } from "./presence-arbitraries.js";

const SCENARIOS = 5_000;
const ORDERS = 20;

/** Changes in one place replace each other and keep their order; those in different places may come in any order. */
const places = [
  "LOCK",
  "INTERNAL wrap-up",
  "MANUAL",
  "EXTERNAL calendar",
  "EXTERNAL telephone",
] as const;

interface Happening {
  /** Where a claim is set or withdrawn, or a heartbeat of the connection, or a sweep of expired claims. */
  readonly place: (typeof places)[number] | "connection" | "sweeper";
  readonly moment: number;
  readonly statusId: number;
  readonly lasts: number;
  readonly isForEver: boolean;
  readonly isWithdrawn: boolean;
}

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({
    place: fc.constantFrom(...places, "connection" as const, "sweeper" as const),
    moment: moments,
    statusId: statusIds,
    lasts: fc.integer({ min: 1, max: 40 }),
    isForEver: fc.boolean(),
    isWithdrawn: fc.boolean(),
  }),
  { minLength: 2, maxLength: 9 },
);

interface Known {
  readonly claims: readonly Claim[];
  readonly lease: Date | null;
}

const NOTHING: Known = { claims: [], lease: null };

function after({ claims, lease }: Known, happening: Happening): Known {
  const { place, moment, statusId, lasts, isForEver, isWithdrawn } = happening;
  const now = at(moment);
  if (place === "connection") return { claims, lease: at(moment + lasts) };
  if (place === "sweeper") {
    return { claims: claims.filter(({ until }) => until === null || until > now), lease };
  }
  const [kind, source = null] = place.split(" ") as [ClaimKind, string?];
  // A choice is replaced, never withdrawn.
  if (isWithdrawn && kind !== "MANUAL") {
    return {
      claims: claims.filter((claim) => claim.kind !== kind || claim.source !== source),
      lease,
    };
  }
  const mayLast = isForEver && source === null;
  const added = claimOf(kind, {
    source,
    statusId,
    setAt: now,
    until: mayLast ? null : at(moment + lasts),
  });
  return { claims: [...withoutReplaced(claims, added, now), added], lease };
}

/** A seeded generator of pseudorandom integers below a limit. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A random order that keeps the order within each place. */
function reordered(given: readonly Happening[], roll: (bound: number) => number): Happening[] {
  const turns = given.map(({ place }) => place);
  for (let i = turns.length - 1; i > 0; i -= 1) {
    const j = roll(i + 1);
    [turns[i], turns[j]] = [turns[j] as Happening["place"], turns[i] as Happening["place"]];
  }
  const queues = new Map<Happening["place"], Happening[]>();
  for (const happening of given) {
    queues.set(happening.place, [...(queues.get(happening.place) ?? []), happening]);
  }
  return turns.flatMap((place) => queues.get(place)?.shift() ?? []);
}

const connectionsOf = ({ lease }: Known) => (lease ? [{ until: lease }] : []);

/** @returns a description of the violated invariant, or null */
function impossible(known: Known, now: Date, planned: PresencePlan): string | null {
  const { claims } = known;
  const living = claims.filter(({ until }) => until === null || until > now);
  const { source, statusId, since, changesAt, plan } = planned;
  if (changesAt !== null && changesAt <= now) return "it ends in the past";
  if (since > now) return "it began in the future";
  if (source === "CONNECTION" && living.length > 0) return "a claim does not count";
  if (
    source !== "CONNECTION" &&
    !living.some((c) => c.kind === source && c.statusId === statusId)
  ) {
    return "its claim is not there";
  }
  if (source !== "LOCK" && living.some(({ kind }) => kind === "LOCK")) return "a lock does not win";
  if (claims.filter(({ kind }) => kind === "LOCK").length > 1) return "there are two locks";
  if ((plan[0]?.at ?? null) !== (changesAt?.toISOString() ?? null))
    return "the plan starts at another time";
  let last = now.toISOString();
  for (const step of plan) {
    if (step.at <= last) return "a step is out of order";
    if (step.since > step.at) return "a step began later than it comes";
    last = step.at;
  }
  return null;
}

/** How a presence looks at a time, computed from the claims and read from the plan. @throws when they differ */
function looked(known: Known, planned: PresencePlan, moment: Date): object {
  const computed = effectiveStatus(known.claims, connectionsOf(known), moment);
  const { statusId, source, changesAt: until } = presenceAt(planned, moment);
  const read = { statusId, source, until };
  if (!isDeepStrictEqual(read, computed)) {
    throw new Error(`${JSON.stringify(read)} is read, ${JSON.stringify(computed)} is true`);
  }
  return computed;
}

it("100,000 orders of the same events lead to the same, possible presence", () => {
  let orders = 0;
  fc.assert(
    fc.property(happenings, fc.integer(), fc.nat({ max: 30 }), (unsorted, seed, wait) => {
      const given = [...unsorted].sort((a, b) => a.moment - b.moment);
      const now = given.at(-1)?.moment ?? 0;
      const roll = dice(seed);
      let first: readonly object[] | undefined;
      for (let order = 0; order < ORDERS; order += 1) {
        const known = (order === 0 ? given : reordered(given, roll)).reduce(after, NOTHING);
        const planned = planPresence(known.claims, connectionsOf(known), at(now), null);
        const fault = impossible(known, at(now), planned);
        if (fault !== null) throw new Error(fault);
        const ends = planned.plan.map((step) => new Date(step.at));
        const looks = [at(now), at(now + wait), ...ends].map((time) =>
          looked(known, planned, time),
        );
        first ??= looks;
        if (!isDeepStrictEqual(looks, first)) throw new Error("another order, another presence");
        orders += 1;
      }
    }),
    { numRuns: SCENARIOS },
  );
  expect(orders).toBe(100_000);
});
