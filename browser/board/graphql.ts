/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which side of the desk a person is on. */
export type UserKind =
  /** Works in the contact centre. */
  | 'STAFF'
  /** Is served by it. */
  | 'CUSTOMER';

/** What a status means for routing; the catalogue's names are for people. */
export type StatusClass =
  /** Can be given work. */
  | 'AVAILABLE'
  /** Is working. */
  | 'BUSY'
  /** Is on duty but not at the desk. */
  | 'AWAY'
  /** Is not on duty. */
  | 'OFFLINE';

/** An old system that knows the same people under ids of its own. */
export type ExternalSystem =
  /** Clientexec; its ids are decimal digits. */
  | 'CLIENTEXEC'
  /** Rocket.Chat; its ids are 17 letters and digits. */
  | 'ROCKET_CHAT'
  /** jtel; its ids are whole numbers, beside a UID. */
  | 'JTEL'
  /** Omnidesk; its ids are whole numbers. */
  | 'OMNIDESK';

/** The life of a reservation: HELD, then one of the other three; from ACCEPTED, RELEASED. */
export type ReservationState =
  /** Waits to be accepted; nobody else is routed to this slot. */
  | 'HELD'
  /** Taken up; occupies a slot until released. */
  | 'ACCEPTED'
  /** Given back. */
  | 'RELEASED'
  /** Not accepted in time. */
  | 'EXPIRED';

/** The state of a person's telephone line. */
export type TelephoneStatus =
  /** No call. */
  | 'FREE'
  /** In a call. */
  | 'BUSY'
  /** Being called. */
  | 'RINGING';

/** Names a person in exactly one way. */
export type UserBy = {
  /** The global id. */
  id?: string | null | undefined;
  /** The username, in any case of letters. */
  username?: string | null | undefined;
  /** The e-mail address, in any case of letters. */
  email?: string | null | undefined;
  /** The telephone number in E.164 form; refused with CONFLICT when several people share it. */
  telephone?: string | null | undefined;
  /** The id in an old system. */
  external?: ExternalIdInput | null | undefined;
};

/** The id by which an old system knows a person. */
export type ExternalIdInput = {
  /** Which system. */
  system: ExternalSystem;
  /** The id as that system writes it. */
  id: string;
  /** jtel's UID; for JTEL only, and only looked at when a user is made. */
  uid?: string | null | undefined;
};

/** Which presences to list; all parts that are given must be true. */
export type PresenceFilter = {
  /** Connected, or not connected, people only. */
  online?: boolean | null | undefined;
  /** People whose status in effect is of one of these classes. */
  statusClass?: Array<StatusClass> | null | undefined;
  /** People who have this status in effect. */
  statusId?: number | null | undefined;
  /** Staff or customers only. */
  kind?: UserKind | null | undefined;
  /** Members of this group only. */
  groupId?: string | null | undefined;
  /** These people only; at most 1,000. */
  userIds?: Array<string> | null | undefined;
  /** Locked, or not locked, people only. */
  locked?: boolean | null | undefined;
};

/** What `setStatus` needs. */
export type SetStatusInput = {
  /** Whose status. */
  user: UserBy;
  /** Which status; it must be selectable. */
  statusId: number;
  /** Until when, after which the status before it returns. Without it: for good. */
  until?: string | null | undefined;
  /** When the person asked, by the client's clock. A request older than the last one applied changes nothing. */
  requestedAt?: string | null | undefined;
  /** The call that the client last knew of; kept in the status history. */
  lastInternalCallId?: number | null | undefined;
};

/** What `lockStatus` needs. */
export type LockStatusInput = {
  /** Whom to lock. */
  user: UserBy;
  /** In which status; any of the catalogue. */
  statusId: number;
  /** Shown to whoever is refused; 1 to 500 characters. */
  reason?: string | null | undefined;
  /** Until when. Without it: until released. */
  until?: string | null | undefined;
};

/** What `unlockStatus` needs. */
export type UnlockStatusInput = {
  /** Whom to release. */
  user: UserBy;
};

/** What `reserveUserForLiveChannel` needs. */
export type ReserveUserForLiveChannelInput = {
  /** Whom to hold. */
  user: UserBy;
  /** For which channel, such as phone; 1 to 100 characters. Without it: livechat. */
  channel?: string | null | undefined;
  /** How long to wait to be accepted, 1 to 3600 seconds. Without it: 30. */
  ttlSeconds?: number | null | undefined;
};

/** What `releaseReservation` needs. */
export type ReleaseReservationInput = {
  /** Which reservation. */
  id: string;
  /** As it was answered when the agent was reserved. */
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