import type { DataSource } from "typeorm";
import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { leadingClaim } from "../../src/domain/presence.js";
import { byPreference, freeSlots, stateAt, whyUnavailable } from "../../src/domain/reservation.js";
import { statusClasses } from "../../src/domain/vocabulary.js";
import type { Presence } from "../../src/entities/presence.entity.js";
import { createLoaders } from "../../src/loaders/index.js";
import { readCapacities, recountOpenSlots } from "../../src/services/agents/capacity.js";
import type { Services } from "../../src/services/index.js";
import { findCandidates } from "../../src/services/reservations/next-available.js";
import { type ExpectedUsers, hoursInStatus } from "./expected-users.js";
import { type GeneratedUser, HOUR_MS, lockOf } from "./generated-users.js";
import { GROUP_ID } from "./write-users.js";

const actor = system("generated");
const page = { first: 100 };

/** A list of users, and its users by the rules of the domain. */
export interface Listing {
  readonly list: () => Promise<readonly number[]>;
  readonly fits: (user: GeneratedUser) => boolean;
}

/** Every list with a filter that depends on the time. */
export function listings(
  services: Services,
  expected: ExpectedUsers,
  timeOf: (moment: number) => Date,
): Record<string, Listing> {
  const { statusOf, classOf, isOnline } = expected;
  const isLocked = (user: GeneratedUser) => lockOf(user, expected.now) !== null;
  const isFree = (user: GeneratedUser) => freeSlots(expected.capacityOf(user)) > 0;
  const isAgent = ({ availability }: GeneratedUser) => availability !== null;

  const presences = (filter: object) => async () =>
    (await services.presence.list(actor, { ...page, filter })).rows.map(({ userId }) => userId);
  const agents = (filter: object) => async () =>
    (await services.agents.list(actor, { ...page, filter })).rows.map(({ userId }) => userId);
  const usersOf = (filter: object) => async () =>
    (await services.users.list(actor, { ...page, filter })).rows.map(({ id }) => id);
  const legacy = (query: object) => async () => {
    const whole = { orderBy: "username", ...query } as const;
    const slice = await services.legacyLists.slice(actor, "users", whole, {
      offset: 0,
      limit: 100,
    });
    return slice.total === slice.users.length ? slice.users.map(({ user }) => user.id) : [];
  };
  const streamed = (query: object) => async () => {
    const whole = { orderBy: "username", ...query } as const;
    const columns = { user: ["id"], presence: [], status: [], settings: [] } as const;
    const ids: number[] = [];
    const batches = services.legacyLists.inSnapshot(actor, "users", (snapshot) =>
      snapshot.stream(columns, whole, 1),
    );
    for await (const batch of batches) ids.push(...batch.map(({ user }) => user.id));
    return ids;
  };

  const lists: Record<string, Listing> = {};
  for (const is of [true, false]) {
    const equals = (rule: (user: GeneratedUser) => boolean) => (user: GeneratedUser) =>
      rule(user) === is;
    lists[`presences, locked: ${is}`] = { list: presences({ locked: is }), fits: equals(isLocked) };
    lists[`presences, online: ${is}`] = { list: presences({ online: is }), fits: equals(isOnline) };
    lists[`legacy users, online: ${is}`] = { list: legacy({ online: is }), fits: equals(isOnline) };
    lists[`streamed users, online: ${is}`] = {
      list: streamed({ online: is }),
      fits: equals(isOnline),
    };
    lists[`agents, hasFreeSlot: ${is}`] = {
      list: agents({ hasFreeSlot: is }),
      fits: (user) => isAgent(user) && isFree(user) === is,
    };
  }
  for (const name of statusClasses) {
    const filter = { statusClass: [name] };
    const fits = (user: GeneratedUser) => classOf(user) === name;
    lists[`presences, ${name}`] = { list: presences(filter), fits };
    lists[`users, ${name}`] = { list: usersOf(filter), fits };
    lists[`legacy users, ${name}`] = { list: legacy({ filter }), fits };
    lists[`agents, ${name}`] = {
      list: agents(filter),
      fits: (user) => isAgent(user) && fits(user),
    };
  }
  for (const statusId of [1, 2, 3, 4]) {
    lists[`presences, status ${statusId}`] = {
      list: presences({ statusId }),
      fits: (user) => statusOf(user) === statusId,
    };
  }
  const changedSince = timeOf(10);
  lists["legacy users, changed since"] = {
    list: legacy({ changedSince }),
    fits: (user) => expected.presenceOf(user).since > changedSince,
  };
  return lists;
}

/** The result of a read, and the result of the domain's rules for the same users. */
interface Compared {
  readonly found: unknown;
  readonly wanted: unknown;
}

/** Every value of a user that depends on the time. */
export async function lookups(
  { reader, nodes, legacyLists }: Services,
  expected: ExpectedUsers,
  timeOf: (moment: number) => Date,
): Promise<Record<string, Compared>> {
  const { users, now } = expected;
  const ids = users.map(({ id }) => id);
  const loaders = createLoaders(reader);
  const seen = (presence: Presence | null) =>
    presence && [
      presence.statusId,
      presence.source,
      presence.since,
      presence.changesAt,
      presence.online,
    ];
  const presences = users.map((user) => {
    const { statusId, source, since, changesAt } = expected.presenceOf(user);
    return [statusId, source, since, changesAt, expected.isOnline(user)];
  });
  const presenceNodes = await nodes.find(
    actor,
    "nodes",
    ids.map((id) => toGlobalId("Presence", id)),
  );
  const whole = await Promise.all(
    ids.map((id) => legacyLists.get(actor, "user", { id: toGlobalId("User", id) })),
  );
  const locks = users.map((user) => lockOf(user, now)?.statusId);
  const [since, until] = [timeOf(-1), now];
  const hours = users.map((user) => {
    const range: Date[] = [];
    for (let hour = since.getTime(); hour < until.getTime(); hour += HOUR_MS)
      range.push(new Date(hour));
    return [...hoursInStatus(user, range)].sort(([a], [b]) => a - b);
  });
  const capacities = await readCapacities(reader, ids);
  const candidates = (fits: (user: GeneratedUser) => boolean) =>
    users
      .filter(fits)
      .map((user) => ({ ...expected.capacityOf(user), slots: expected.openSlotsOf(user) }))
      .filter((capacity) => whyUnavailable(capacity) === null)
      .sort(byPreference)
      .map(({ userId }) => userId);
  return {
    "presences by user": {
      found: (await loaders.presencesByUserId(ids)).map(seen),
      wanted: presences,
    },
    "presences as nodes": {
      found: presenceNodes.map((node) => seen(node as Presence)),
      wanted: presences,
    },
    "locks by user": {
      found: (await loaders.locksByUserId(ids)).map(
        (claims) => leadingClaim(claims, "LOCK", now)?.statusId,
      ),
      wanted: locks,
    },
    "presence of a whole user": {
      found: whole.map(({ presence }) => seen(presence)),
      wanted: presences,
    },
    "status of a whole user": {
      found: whole.map(({ status }) => status.id),
      wanted: users.map(expected.statusOf),
    },
    "lock of a whole user": { found: whole.map(({ lock }) => lock?.statusId), wanted: locks },
    "active reservations": {
      found: (await loaders.activeReservationsByUserId(ids)).map(({ length }) => length),
      wanted: users.map(expected.activeOf),
    },
    "time in status": {
      found: (await loaders.timeInStatusByUserId(ids, { since, until })).map((times) =>
        times.map(({ statusId, seconds }) => [statusId, seconds / 3600]),
      ),
      wanted: hours,
    },
    capacities: {
      found: capacities
        .map((capacity) => ({ ...capacity, now }))
        .sort((a, b) => a.userId - b.userId),
      wanted: users.map(expected.capacityOf),
    },
    "candidates for a reservation": {
      found: (await findCandidates(reader, null)).map(({ userId }) => userId),
      wanted: candidates(() => true),
    },
    "candidates of a group": {
      found: (await findCandidates(reader, GROUP_ID)).map(({ userId }) => userId),
      wanted: candidates(({ isMember }) => isMember),
    },
  };
}

/** The stored rows after a sweep. */
export async function sweeps(
  { presence, reader, reservations }: Services,
  dataSource: DataSource,
  expected: ExpectedUsers,
): Promise<Record<string, Compared>> {
  const { users, now } = expected;
  await recountOpenSlots(
    reader,
    users.map(({ id }) => ({ userId: id })),
  );
  const slots = await dataSource.query<{ slots: number }[]>(
    `SELECT open_slots AS slots FROM presences ORDER BY user_id`,
  );
  await presence.expireDue();
  const stored = await dataSource.query<{ statusId: number; since: Date; claims: number }[]>(
    `SELECT status_id AS "statusId", since, lease_until IS NOT NULL AS "isOnline",
            (SELECT count(*)::int FROM presence_claims c WHERE c.user_id = p.user_id) AS claims
     FROM presences p ORDER BY user_id`,
  );
  await reservations.expireDue();
  const states = await dataSource.query<{ state: string }[]>(
    `SELECT state FROM reservations ORDER BY user_id, fencing_token`,
  );
  return {
    "open slots": { found: slots.map((row) => row.slots), wanted: users.map(expected.openSlotsOf) },
    "stored presences": {
      found: stored,
      wanted: users.map((user) => ({
        statusId: expected.statusOf(user),
        since: expected.presenceOf(user).since,
        isOnline: expected.isOnline(user),
        claims: user.claims.filter(({ until }) => until === null || until > now).length,
      })),
    },
    "stored reservations": {
      found: states.map(({ state }) => state),
      wanted: users.flatMap((user) =>
        user.reservations.map((reservation) => stateAt(reservation, now)),
      ),
    },
  };
}
