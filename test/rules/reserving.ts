import { system } from "../../src/domain/actor.js";
import { AVAILABLE_STATUS_ID } from "../../src/domain/status.js";
import type { ReservationState } from "../../src/domain/vocabulary.js";
import type { User } from "../../src/entities/user.entity.js";
import type { GraphQLAnswer, TestGateway } from "../support/gateway.js";
import { givenAgent, uniqueName } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";

export interface SeenReservation {
  readonly id: string;
  readonly user: { readonly id: string };
  readonly channel: string;
  readonly state: ReservationState;
  readonly heldAt: string;
  readonly expiresAt: string;
  readonly fencingToken: number;
  readonly reservedBy: string;
}

/** Everything that a client can see of a reservation. */
export const RESERVATION =
  "id user { id } channel state heldAt expiresAt fencingToken reservedBy" as const;

const PAYLOAD = `reservation { ${RESERVATION} }`;

/** Creates an available agent. */
export async function givenAvailableAgent(
  gateway: TestGateway,
  { maxChats = 3, groupIds = [] }: { maxChats?: number; groupIds?: string[] } = {},
): Promise<User> {
  const agent = await givenAgent(gateway, { groupIds });
  const user = { id: agent.globalId };
  const { presence, settings } = gateway.services;
  await settings.update(system("given"), { user, maxChats });
  await presence.setStatus(system("given"), { user, statusId: AVAILABLE_STATUS_ID });
  return agent;
}

/** Creates a group for one test, without the users of other tests. @returns its global id */
export async function givenGroup({ services }: TestGateway): Promise<string> {
  const group = await services.catalogue.createGroup(system("given"), {
    name: uniqueName("group"),
  });
  return group.globalId;
}

/** The calls of a client with API_RESERVE_USER. Each returns the GraphQL response. */
export const reservingAs = (gateway: TestGateway, secret: string) => ({
  reserve: ({ globalId }: Pick<User, "globalId">, terms: object = {}): Promise<GraphQLAnswer> =>
    mutate(
      gateway,
      secret,
      "reserveUserForLiveChannel",
      { user: { id: globalId }, ...terms },
      PAYLOAD,
    ),
  reserveNext: (input: object = {}): Promise<GraphQLAnswer> =>
    mutate(gateway, secret, "reserveNextAvailable", input, PAYLOAD),
  accept: ({ id, fencingToken }: Proof): Promise<GraphQLAnswer> =>
    mutate(gateway, secret, "acceptReservation", { id, fencingToken }, PAYLOAD),
  release: ({ id, fencingToken }: Proof): Promise<GraphQLAnswer> =>
    mutate(gateway, secret, "releaseReservation", { id, fencingToken }, PAYLOAD),
});
export type Reserving = ReturnType<typeof reservingAs>;
type Proof = Pick<SeenReservation, "id" | "fencingToken">;

/** @throws when it was refused */
export const reservationIn = (answer: GraphQLAnswer): SeenReservation =>
  granted<{ reservation: SeenReservation }>(answer).reservation;

/** The stored rows about a user's reservations. Two results are equal when nothing changed in between. */
export async function storedReservations(
  { dataSource }: TestGateway,
  { id, globalId }: User,
): Promise<object> {
  const [stored] = await dataSource.query<object[]>(
    `SELECT (SELECT jsonb_agg(r ORDER BY r.id) FROM reservations r WHERE user_id = $1) AS reservations,
            (SELECT to_jsonb(p) FROM presences p WHERE user_id = $1) AS presence,
            (SELECT count(*)::int FROM audit_records WHERE target_type = 'Reservation') AS audit,
            (SELECT count(*)::int FROM events WHERE subject = $2) AS events`,
    [id, globalId],
  );
  return stored ?? {};
}

/** The published events of a user's reservations, in order, as `<id> <state>`. */
export async function toldReservations(
  { dataSource }: TestGateway,
  { globalId }: User,
): Promise<string[]> {
  const events = await dataSource.query<{ told: string }[]>(
    `SELECT payload->>'id' || ' ' || (payload->>'state') AS told FROM events
     WHERE topic = 'reservationChanged' AND subject = $1 ORDER BY id`,
    [globalId],
  );
  return events.map(({ told }) => told);
}

/** Users whose precomputed counts are wrong. An expired hold may still count. */
export const miscounted = ({ dataSource }: Pick<TestGateway, "dataSource">): Promise<object[]> =>
  dataSource.query<object[]>(
    `SELECT * FROM (
       SELECT p.user_id, p.open_slots, p.last_fencing_token,
              coalesce((SELECT greatest(s.max_chats - (
                  SELECT count(*) FROM reservations r
                  WHERE r.user_id = p.user_id AND r.state IN ('HELD', 'ACCEPTED')), 0)
                FROM users u JOIN agents a ON a.user_id = u.id JOIN user_settings s ON s.user_id = u.id
                WHERE u.id = p.user_id AND u.active AND a.availability = 'AVAILABLE'), 0) AS slots,
              coalesce((SELECT max(fencing_token) FROM reservations r WHERE r.user_id = p.user_id), 0) AS token
       FROM presences p) AS counted
     WHERE open_slots <> slots OR last_fencing_token <> token`,
  );
