import { type Gateway, isFinal } from "./gateway.js";
import {
  PeopleDocument,
  type PeopleQueryVariables,
  type PresenceFilter,
  PresenceChangesDocument,
  ReservationChangesDocument,
  UserChangesDocument,
} from "./graphql.js";
import type { Person, Roster } from "./roster.js";

/** More rows than a reader can use; a group narrows the list. */
export const PEOPLE_MAX = 5_000;

const RETRY_MS = 2_000;

export interface Reading {
  readonly read: number;
  readonly total: number;
  readonly isOver: boolean;
}

export interface FeedListener {
  /** A user has changed; it may have left the scope. */
  readonly updated: (person: Person) => void;
  readonly reading: (reading: Reading) => void;
  readonly ended: (reason: unknown) => void;
}

/**
 * Keeps a roster up to date: subscribes first, reads the list as soon as no event can be missed, and reads it
 * again after missed events. Meanwhile the roster shows the previous data.
 *
 * @returns a function that ends the feed
 */
export function feedRoster(gateway: Gateway, roster: Roster, listener: FeedListener): () => void {
  const { groupId, onlineOnly } = roster.scope;
  const filter: PresenceFilter = {
    kind: "STAFF",
    ...(onlineOnly ? { online: true } : {}),
    ...(groupId === null ? {} : { groupId }),
  };
  let latest = 0;
  let hasEnded = false;
  const stops: (() => void)[] = [];
  const end = () => {
    hasEnded = true;
    for (const stop of stops) stop();
  };
  const fail = (reason: unknown) => {
    if (hasEnded) return;
    end();
    listener.ended(reason);
  };

  const read = (): void =>
    void readList().catch((reason: unknown) => {
      if (isFinal(reason)) fail(reason);
      else setTimeout(() => !hasEnded && read(), RETRY_MS);
    });

  const readList = async () => {
    const reading = ++latest;
    roster.beginList();
    let after: string | null = null;
    let [read, total, isOver] = [0, 0, false];
    while (!isOver) {
      const variables: PeopleQueryVariables = { filter, after, isFirst: read === 0 };
      const { presences } = await gateway.request(PeopleDocument, variables);
      // A newer reading has started, or the feed has ended.
      if (hasEnded || reading !== latest) return;
      const { nodes, pageInfo, totalCount } = presences;
      roster.list(nodes);
      read += nodes.length;
      total = totalCount ?? total;
      after = pageInfo.endCursor;
      isOver = !pageInfo.hasNextPage || read >= PEOPLE_MAX;
      if (isOver) roster.endList();
      listener.reading({ read, total, isOver });
    }
  };

  const follower = {
    next: ({ gap, person }: { gap: boolean; person: Person | undefined }) => {
      if (gap) read();
      else if (person) {
        roster.update(person);
        listener.updated(person);
      }
    },
    ended: fail,
  };
  stops.push(
    gateway.follow(
      PresenceChangesDocument,
      { filter },
      {
        ...follower,
        next: ({ gap, presence }) => follower.next({ gap, person: presence ?? undefined }),
      },
    ),
    // The board also shows names, groups and chats.
    gateway.follow(
      UserChangesDocument,
      {},
      { ...follower, next: ({ gap, user }) => follower.next({ gap, person: user?.presence }) },
    ),
    gateway.follow(
      ReservationChangesDocument,
      {},
      {
        ...follower,
        next: ({ gap, reservation }) => follower.next({ gap, person: reservation?.user.presence }),
      },
    ),
  );
  return end;
}
