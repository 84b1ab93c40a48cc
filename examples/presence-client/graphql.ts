/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A permission of a credential. */
export type Permission =
  /** Read users, agents, presence and settings. */
  | 'USER_READ'
  /** Change users, agents, presence, locks, campaigns, settings, statistics and views. */
  | 'USER_CUD'
  /** Reserve users for live channels, accept and release reservations. */
  | 'API_RESERVE_USER'
  /** Change the incognito mode on tickets. */
  | 'USER_ANONYMOUS_BROWSING_UPDATE'
  /** API keys, catalogues, audit and import. Implies every other permission. */
  | 'ADMIN';

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

/** Input of `login`. */
export type LoginInput = {
  /** The username or the e-mail address, case-insensitive. */
  user: string;
  /** The password. */
  password: string;
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

/** Input of `updateUser`. Omitted fields stay unchanged; null clears a nullable field. */
export type UpdateUserInput = {
  /** The user to change. */
  user: UserBy;
  /** The version that the change is based on. CONFLICT if another version is current. */
  expectedVersion?: number | null | undefined;
  /** As in `createUser`; cannot be null. */
  username?: string | null | undefined;
  /** 1 to 100 characters. */
  firstname?: string | null | undefined;
  /** 1 to 100 characters. */
  lastname?: string | null | undefined;
  /** A new address is not verified. */
  email?: string | null | undefined;
  /** In E.164 form, such as +31201234567. */
  telephone?: string | null | undefined;
  /** Such as en or pt-BR; cannot be null. */
  language?: string | null | undefined;
  /** Such as en_GB, or iso; cannot be null. */
  dateFormat?: string | null | undefined;
  /** All groups of the user from now on. */
  groupIds?: Array<string> | null | undefined;
  /** All permissions of the user from now on. A caller can add or remove only permissions that it has. */
  permissions?: Array<Permission> | null | undefined;
  /** 10 to 200 characters; null disables login with a password. Ends all sessions of the user. */
  password?: string | null | undefined;
  /** False deactivates the user, as `deactivateUser` does; true activates it again. */
  active?: boolean | null | undefined;
};

export type SignInMutationVariables = Exact<{
  input: LoginInput;
}>;


export type SignInMutation = { login: { token: string, user: { displayName: string } } };

export type LineFragment = { status: { name: string }, user: { displayName: string } };

export type OnlineQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type OnlineQuery = { presences: { nodes: Array<{ status: { name: string }, user: { displayName: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PresenceChangesSubscriptionVariables = Exact<{
  after: string;
}>;


export type PresenceChangesSubscription = { presenceChanged: { cursor: string, gap: boolean, cause: string, presence: { status: { name: string }, user: { displayName: string } } | null } };

export type StatusesQueryVariables = Exact<{ [key: string]: never; }>;


export type StatusesQuery = { statuses: Array<{ id: number, name: string }> };

export type SetStatusMutationVariables = Exact<{
  input: SetStatusInput;
}>;


export type SetStatusMutation = { setStatus: { presence: { status: { name: string }, user: { displayName: string } } } };

export type ContactQueryVariables = Exact<{
  by: UserBy;
}>;


export type ContactQuery = { user: { version: number, telephone: string | null } | null };

export type SetTelephoneMutationVariables = Exact<{
  input: UpdateUserInput;
}>;


export type SetTelephoneMutation = { updateUser: { user: { displayName: string, telephone: string | null, version: number } } };

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
export const LineFragmentDoc = new TypedDocumentString(`
    fragment Line on Presence {
  status {
    name
  }
  user {
    displayName
  }
}
    `, {"fragmentName":"Line"}) as unknown as TypedDocumentString<LineFragment, unknown>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    token
    user {
      displayName
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const OnlineDocument = new TypedDocumentString(`
    query Online($after: Cursor) {
  presences(filter: {online: true, kind: STAFF}, first: 100, after: $after) {
    nodes {
      ...Line
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Line on Presence {
  status {
    name
  }
  user {
    displayName
  }
}`) as unknown as TypedDocumentString<OnlineQuery, OnlineQueryVariables>;
export const PresenceChangesDocument = new TypedDocumentString(`
    subscription PresenceChanges($after: Cursor!) {
  presenceChanged(filter: {kind: STAFF}, after: $after) {
    cursor
    gap
    cause
    presence {
      ...Line
    }
  }
}
    fragment Line on Presence {
  status {
    name
  }
  user {
    displayName
  }
}`) as unknown as TypedDocumentString<PresenceChangesSubscription, PresenceChangesSubscriptionVariables>;
export const StatusesDocument = new TypedDocumentString(`
    query Statuses {
  statuses {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<StatusesQuery, StatusesQueryVariables>;
export const SetStatusDocument = new TypedDocumentString(`
    mutation SetStatus($input: SetStatusInput!) {
  setStatus(input: $input) {
    presence {
      ...Line
    }
  }
}
    fragment Line on Presence {
  status {
    name
  }
  user {
    displayName
  }
}`) as unknown as TypedDocumentString<SetStatusMutation, SetStatusMutationVariables>;
export const ContactDocument = new TypedDocumentString(`
    query Contact($by: UserBy!) {
  user(by: $by) {
    version
    telephone
  }
}
    `) as unknown as TypedDocumentString<ContactQuery, ContactQueryVariables>;
export const SetTelephoneDocument = new TypedDocumentString(`
    mutation SetTelephone($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user {
      displayName
      telephone
      version
    }
  }
}
    `) as unknown as TypedDocumentString<SetTelephoneMutation, SetTelephoneMutationVariables>;