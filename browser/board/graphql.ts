/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a user is staff or a customer. */
export type UserKind =
  /** Works in the contact centre. */
  | 'STAFF'
  /** Is served by the contact centre. */
  | 'CUSTOMER';

/** The meaning of a status for routing; its name is only displayed. */
export type StatusClass =
  /** Ready for work. */
  | 'AVAILABLE'
  /** Is working. */
  | 'BUSY'
  /** Is on duty but not at the desk. */
  | 'AWAY'
  /** Is not on duty. */
  | 'OFFLINE';

/** A legacy system with its own ids of the same users. */
export type ExternalSystem =
  /** Clientexec; its ids are decimal digits. */
  | 'CLIENTEXEC'
  /** Rocket.Chat; its ids are 17 letters and digits. */
  | 'ROCKET_CHAT'
  /** jtel; its ids are integers, with a UID. */
  | 'JTEL'
  /** Omnidesk; its ids are integers. */
  | 'OMNIDESK';

/** The state of a reservation: HELD, then ACCEPTED, RELEASED or EXPIRED; after ACCEPTED, RELEASED. */
export type ReservationState =
  /** Waits to be accepted, and occupies a slot. */
  | 'HELD'
  /** Accepted; occupies a slot until released. */
  | 'ACCEPTED'
  /** Released. */
  | 'RELEASED'
  /** Not accepted before it expired. */
  | 'EXPIRED';

/** The state of a user's phone line. */
export type TelephoneStatus =
  /** No call. */
  | 'FREE'
  /** In a call. */
  | 'BUSY'
  /** Being called. */
  | 'RINGING';

/** Identifies a user by exactly one of these fields. */
export type UserBy = {
  /** The global id. */
  id?: string | null | undefined;
  /** The username, case-insensitive. */
  username?: string | null | undefined;
  /** The e-mail address, case-insensitive. */
  email?: string | null | undefined;
  /** The phone number in E.164 form; refused with CONFLICT when several users share it. */
  telephone?: string | null | undefined;
  /** The id in a legacy system. */
  external?: ExternalIdInput | null | undefined;
};

/** The id of a user in a legacy system. */
export type ExternalIdInput = {
  /** The legacy system. */
  system: ExternalSystem;
  /** The id in that system's format. */
  id: string;
  /** jtel's UID; for JTEL only, and only used when a user is created. */
  uid?: string | null | undefined;
};

/** Conditions for a list of presences; all given conditions must hold. */
export type PresenceFilter = {
  /** Only users that are online, or that are not. */
  online?: boolean | null | undefined;
  /** Only users whose status in effect has one of these classes. */
  statusClass?: Array<StatusClass> | null | undefined;
  /** Only users that have this status in effect. */
  statusId?: number | null | undefined;
  /** Only staff or only customers. */
  kind?: UserKind | null | undefined;
  /** Only members of this group. */
  groupId?: string | null | undefined;
  /** Only these users; at most 1,000 ids. */
  userIds?: Array<string> | null | undefined;
  /** Only users whose status is locked, or is not. */
  locked?: boolean | null | undefined;
};

/** Input of `setStatus`. */
export type SetStatusInput = {
  /** The user. */
  user: UserBy;
  /** The status, which must be selectable. */
  statusId: number;
  /** When the status ends and the one before it returns. Default: never. */
  until?: string | null | undefined;
  /** When the user made the request, by the client's clock. A request older than the last applied one changes nothing. */
  requestedAt?: string | null | undefined;
  /** The id of the last call known to the client; stored in the status history. */
  lastInternalCallId?: number | null | undefined;
};

/** Input of `lockStatus`. */
export type LockStatusInput = {
  /** The user. */
  user: UserBy;
  /** The status; any of the catalogue. */
  statusId: number;
  /** Returned to callers whose change is refused; 1 to 500 characters. */
  reason?: string | null | undefined;
  /** When the lock ends. Default: when it is removed. */
  until?: string | null | undefined;
};

/** Input of `unlockStatus`. */
export type UnlockStatusInput = {
  /** The user. */
  user: UserBy;
};

/** Input of `reserveUserForLiveChannel`. */
export type ReserveUserForLiveChannelInput = {
  /** The agent. */
  user: UserBy;
  /** The channel, such as phone; 1 to 100 characters. Default: livechat. */
  channel?: string | null | undefined;
  /** The time to accept the reservation, 1 to 3600 seconds. Default: 30. */
  ttlSeconds?: number | null | undefined;
};

/** Input of `releaseReservation`. */
export type ReleaseReservationInput = {
  /** The reservation. */
  id: string;
  /** The token that the reservation returned. */
  fencingToken: number;
};

export type StatusLookFragment = { id: number, name: string, color: string, position: number };

export type PersonFragment = { since: string, until: string | null, online: boolean, telephoneStatus: TelephoneStatus, status: { id: number, name: string, color: string, position: number }, configuredStatus: { id: number, name: string } | null, lock: { reason: string | null, until: string | null, lockedBy: { displayName: string } | null } | null, user: { id: string, username: string, displayName: string, kind: UserKind, groups: Array<{ id: string, name: string }>, agent: { maxChats: number, freeSlots: number, activeReservations: Array<{ id: string, fencingToken: number, channel: string, state: ReservationState, expiresAt: string, reservedBy: string }> } | null } };

export type CataloguesQueryVariables = Exact<{ [key: string]: never; }>;


export type CataloguesQuery = { statuses: Array<{ selectable: boolean, id: number, name: string, color: string, position: number }>, groups: Array<{ id: string, name: string }> };

export type PeopleQueryVariables = Exact<{
  filter: PresenceFilter;
  after?: string | null | undefined;
  isFirst: boolean;
}>;


export type PeopleQuery = { presences: { totalCount?: number, nodes: Array<{ since: string, until: string | null, online: boolean, telephoneStatus: TelephoneStatus, status: { id: number, name: string, color: string, position: number }, configuredStatus: { id: number, name: string } | null, lock: { reason: string | null, until: string | null, lockedBy: { displayName: string } | null } | null, user: { id: string, username: string, displayName: string, kind: UserKind, groups: Array<{ id: string, name: string }>, agent: { maxChats: number, freeSlots: number, activeReservations: Array<{ id: string, fencingToken: number, channel: string, state: ReservationState, expiresAt: string, reservedBy: string }> } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PresenceChangesSubscriptionVariables = Exact<{
  filter: PresenceFilter;
  after: string;
}>;


export type PresenceChangesSubscription = { presenceChanged: { cursor: string, gap: boolean, presence: { since: string, until: string | null, online: boolean, telephoneStatus: TelephoneStatus, status: { id: number, name: string, color: string, position: number }, configuredStatus: { id: number, name: string } | null, lock: { reason: string | null, until: string | null, lockedBy: { displayName: string } | null } | null, user: { id: string, username: string, displayName: string, kind: UserKind, groups: Array<{ id: string, name: string }>, agent: { maxChats: number, freeSlots: number, activeReservations: Array<{ id: string, fencingToken: number, channel: string, state: ReservationState, expiresAt: string, reservedBy: string }> } | null } } | null } };

export type UserChangesSubscriptionVariables = Exact<{
  after: string;
}>;


export type UserChangesSubscription = { userChanged: { cursor: string, gap: boolean, user: { presence: { since: string, until: string | null, online: boolean, telephoneStatus: TelephoneStatus, status: { id: number, name: string, color: string, position: number }, configuredStatus: { id: number, name: string } | null, lock: { reason: string | null, until: string | null, lockedBy: { displayName: string } | null } | null, user: { id: string, username: string, displayName: string, kind: UserKind, groups: Array<{ id: string, name: string }>, agent: { maxChats: number, freeSlots: number, activeReservations: Array<{ id: string, fencingToken: number, channel: string, state: ReservationState, expiresAt: string, reservedBy: string }> } | null } } } | null } };

export type ReservationChangesSubscriptionVariables = Exact<{
  after: string;
}>;


export type ReservationChangesSubscription = { reservationChanged: { cursor: string, gap: boolean, reservation: { user: { presence: { since: string, until: string | null, online: boolean, telephoneStatus: TelephoneStatus, status: { id: number, name: string, color: string, position: number }, configuredStatus: { id: number, name: string } | null, lock: { reason: string | null, until: string | null, lockedBy: { displayName: string } | null } | null, user: { id: string, username: string, displayName: string, kind: UserKind, groups: Array<{ id: string, name: string }>, agent: { maxChats: number, freeSlots: number, activeReservations: Array<{ id: string, fencingToken: number, channel: string, state: ReservationState, expiresAt: string, reservedBy: string }> } | null } } } } | null } };

export type SetStatusMutationVariables = Exact<{
  input: SetStatusInput;
}>;


export type SetStatusMutation = { setStatus: { presence: { status: { name: string } } } };

export type LockStatusMutationVariables = Exact<{
  input: LockStatusInput;
}>;


export type LockStatusMutation = { lockStatus: { presence: { status: { name: string }, lock: { until: string | null } | null } } };

export type UnlockStatusMutationVariables = Exact<{
  input: UnlockStatusInput;
}>;


export type UnlockStatusMutation = { unlockStatus: { presence: { status: { name: string } } } };

export type ReserveMutationVariables = Exact<{
  input: ReserveUserForLiveChannelInput;
}>;


export type ReserveMutation = { reserveUserForLiveChannel: { reservation: { channel: string, expiresAt: string } } };

export type ReleaseMutationVariables = Exact<{
  input: ReleaseReservationInput;
}>;


export type ReleaseMutation = { releaseReservation: { reservation: { channel: string } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const StatusLookFragmentDoc = new TypedDocumentString(`
    fragment StatusLook on Status {
  id
  name
  color
  position
}
    `, {"fragmentName":"StatusLook"}) as unknown as TypedDocumentString<StatusLookFragment, unknown>;
export const PersonFragmentDoc = new TypedDocumentString(`
    fragment Person on Presence {
  since
  until
  online
  status {
    ...StatusLook
  }
  configuredStatus {
    id
    name
  }
  lock {
    reason
    until
    lockedBy {
      displayName
    }
  }
  telephoneStatus
  user {
    id
    username
    displayName
    kind
    groups {
      id
      name
    }
    agent {
      maxChats
      freeSlots
      activeReservations {
        id
        fencingToken
        channel
        state
        expiresAt
        reservedBy
      }
    }
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}`, {"fragmentName":"Person"}) as unknown as TypedDocumentString<PersonFragment, unknown>;
export const CataloguesDocument = new TypedDocumentString(`
    query Catalogues {
  statuses {
    ...StatusLook
    selectable
  }
  groups {
    id
    name
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}`) as unknown as TypedDocumentString<CataloguesQuery, CataloguesQueryVariables>;
export const PeopleDocument = new TypedDocumentString(`
    query People($filter: PresenceFilter!, $after: Cursor, $isFirst: Boolean!) {
  presences(filter: $filter, first: 100, after: $after) {
    totalCount @include(if: $isFirst)
    nodes {
      ...Person
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}
fragment Person on Presence {
  since
  until
  online
  status {
    ...StatusLook
  }
  configuredStatus {
    id
    name
  }
  lock {
    reason
    until
    lockedBy {
      displayName
    }
  }
  telephoneStatus
  user {
    id
    username
    displayName
    kind
    groups {
      id
      name
    }
    agent {
      maxChats
      freeSlots
      activeReservations {
        id
        fencingToken
        channel
        state
        expiresAt
        reservedBy
      }
    }
  }
}`) as unknown as TypedDocumentString<PeopleQuery, PeopleQueryVariables>;
export const PresenceChangesDocument = new TypedDocumentString(`
    subscription PresenceChanges($filter: PresenceFilter!, $after: Cursor!) {
  presenceChanged(filter: $filter, after: $after) {
    cursor
    gap
    presence {
      ...Person
    }
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}
fragment Person on Presence {
  since
  until
  online
  status {
    ...StatusLook
  }
  configuredStatus {
    id
    name
  }
  lock {
    reason
    until
    lockedBy {
      displayName
    }
  }
  telephoneStatus
  user {
    id
    username
    displayName
    kind
    groups {
      id
      name
    }
    agent {
      maxChats
      freeSlots
      activeReservations {
        id
        fencingToken
        channel
        state
        expiresAt
        reservedBy
      }
    }
  }
}`) as unknown as TypedDocumentString<PresenceChangesSubscription, PresenceChangesSubscriptionVariables>;
export const UserChangesDocument = new TypedDocumentString(`
    subscription UserChanges($after: Cursor!) {
  userChanged(after: $after) {
    cursor
    gap
    user {
      presence {
        ...Person
      }
    }
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}
fragment Person on Presence {
  since
  until
  online
  status {
    ...StatusLook
  }
  configuredStatus {
    id
    name
  }
  lock {
    reason
    until
    lockedBy {
      displayName
    }
  }
  telephoneStatus
  user {
    id
    username
    displayName
    kind
    groups {
      id
      name
    }
    agent {
      maxChats
      freeSlots
      activeReservations {
        id
        fencingToken
        channel
        state
        expiresAt
        reservedBy
      }
    }
  }
}`) as unknown as TypedDocumentString<UserChangesSubscription, UserChangesSubscriptionVariables>;
export const ReservationChangesDocument = new TypedDocumentString(`
    subscription ReservationChanges($after: Cursor!) {
  reservationChanged(after: $after) {
    cursor
    gap
    reservation {
      user {
        presence {
          ...Person
        }
      }
    }
  }
}
    fragment StatusLook on Status {
  id
  name
  color
  position
}
fragment Person on Presence {
  since
  until
  online
  status {
    ...StatusLook
  }
  configuredStatus {
    id
    name
  }
  lock {
    reason
    until
    lockedBy {
      displayName
    }
  }
  telephoneStatus
  user {
    id
    username
    displayName
    kind
    groups {
      id
      name
    }
    agent {
      maxChats
      freeSlots
      activeReservations {
        id
        fencingToken
        channel
        state
        expiresAt
        reservedBy
      }
    }
  }
}`) as unknown as TypedDocumentString<ReservationChangesSubscription, ReservationChangesSubscriptionVariables>;
export const SetStatusDocument = new TypedDocumentString(`
    mutation SetStatus($input: SetStatusInput!) {
  setStatus(input: $input) {
    presence {
      status {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SetStatusMutation, SetStatusMutationVariables>;
export const LockStatusDocument = new TypedDocumentString(`
    mutation LockStatus($input: LockStatusInput!) {
  lockStatus(input: $input) {
    presence {
      status {
        name
      }
      lock {
        until
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LockStatusMutation, LockStatusMutationVariables>;
export const UnlockStatusDocument = new TypedDocumentString(`
    mutation UnlockStatus($input: UnlockStatusInput!) {
  unlockStatus(input: $input) {
    presence {
      status {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UnlockStatusMutation, UnlockStatusMutationVariables>;
export const ReserveDocument = new TypedDocumentString(`
    mutation Reserve($input: ReserveUserForLiveChannelInput!) {
  reserveUserForLiveChannel(input: $input) {
    reservation {
      channel
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<ReserveMutation, ReserveMutationVariables>;
export const ReleaseDocument = new TypedDocumentString(`
    mutation Release($input: ReleaseReservationInput!) {
  releaseReservation(input: $input) {
    reservation {
      channel
    }
  }
}
    `) as unknown as TypedDocumentString<ReleaseMutation, ReleaseMutationVariables>;