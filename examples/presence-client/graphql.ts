/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a credential may do. */
export type Permission =
  /** Read users, agents, presence and settings. */
  | 'USER_READ'
  /** Change users, agents, presence, locks, campaigns, settings, statistics and views. */
  | 'USER_CUD'
  /** Reserve a user for a live channel, accept and release. */
  | 'API_RESERVE_USER'
  /** Change the incognito mode on tickets. */
  | 'USER_ANONYMOUS_BROWSING_UPDATE'
  /** Keys, catalogues, audit and import. Implies every other permission. */
  | 'ADMIN';

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

/** What `login` needs. */
export type LoginInput = {
  /** The username or the e-mail address, in any case of letters. */
  user: string;
  /** The password. */
  password: string;
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

/** What `updateUser` needs. What is left out stays; null empties what can be empty. */
export type UpdateUserInput = {
  /** Whom to change. */
  user: UserBy;
  /** The version that the change is based on. If another is current: CONFLICT. */
  expectedVersion?: number | null | undefined;
  /** As in `createUser`; cannot be emptied. */
  username?: string | null | undefined;
  /** 1 to 100 characters. */
  firstname?: string | null | undefined;
  /** 1 to 100 characters. */
  lastname?: string | null | undefined;
  /** A new address is not verified. */
  email?: string | null | undefined;
  /** In E.164 form, such as +31201234567. */
  telephone?: string | null | undefined;
  /** Such as en or pt-BR; cannot be emptied. */
  language?: string | null | undefined;
  /** Such as en_GB, or iso; cannot be emptied. */
  dateFormat?: string | null | undefined;
  /** All the groups to belong to from now on. */
  groupIds?: Array<string> | null | undefined;
  /** All the permissions from now on. Nobody can change beyond what they hold. */
  permissions?: Array<Permission> | null | undefined;
  /** 10 to 200 characters; null: nobody can sign in. Ends the person's sessions. */
  password?: string | null | undefined;
  /** False deactivates, as `deactivateUser` does; true takes it back. */
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