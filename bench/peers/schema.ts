/** The part of Rollcall's schema that the workloads use, for peers with a schema in SDL. */
export const typeDefs = /* GraphQL */ `
  scalar Cursor
  scalar DateTime

  input UserBy {
    id: ID
  }

  input UserFilter {
    search: String
  }

  input SetStatusInput {
    user: UserBy!
    statusId: Int!
  }

  enum AgentAvailability {
    AVAILABLE
    NOT_AVAILABLE
  }

  enum PresenceSource {
    LOCK
    INTERNAL
    MANUAL
    EXTERNAL
    CONNECTION
  }

  type Agent {
    availability: AgentAvailability!
  }

  type Status {
    id: Int!
    name: String!
  }

  type StatusLock {
    reason: String
    lockedAt: DateTime!
    until: DateTime
  }

  type Presence {
    status: Status!
    source: PresenceSource!
    until: DateTime
    lock: StatusLock
  }

  type Group {
    name: String!
  }

  type User {
    id: ID!
    username: String!
    displayName: String!
    email: String
    agent: Agent
    presence: Presence!
    groups: [Group!]!
  }

  type PageInfo {
    hasNextPage: Boolean!
    endCursor: Cursor
  }

  type UserConnection {
    nodes: [User!]!
    pageInfo: PageInfo!
  }

  type SetStatusPayload {
    applied: Boolean!
    presence: Presence!
  }

  type Query {
    user(by: UserBy!): User
    users(first: Int!, after: Cursor, filter: UserFilter): UserConnection!
  }

  type Mutation {
    setStatus(input: SetStatusInput!): SetStatusPayload!
  }
`;
