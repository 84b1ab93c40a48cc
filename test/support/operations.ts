import { type GraphQLField, type GraphQLSchema, isLeafType, getNamedType } from "graphql";
import { type Operation } from "../../src/domain/permission-table.js";

export type Arguments = Readonly<Record<string, unknown>>;

/** The objects that the examples refer to. All exist; the user is an available agent that follows `CALLS`. */
export interface Scene {
  /** The user of the operation, as `UserBy`. */
  readonly by: Arguments;
  /** Differs in each call, for unique values. */
  readonly unique: string;
  readonly credentials: { readonly user: string; readonly password: string };
  readonly groupId: string;
  readonly campaignId: string;
  readonly campaign: string;
  readonly viewId: string;
  /** A session of the user of `credentials`. */
  readonly sessionId: string;
  readonly apiKeyId: string;
  readonly rotatedKeyId: string;
  readonly reservation: { readonly id: string; readonly fencingToken: number };
}

/** Entries of the permission table that are no operation of the schema. */
type NoOperation =
  | "introspection"
  | "introspectionInProduction"
  // An HTTP path of its own.
  | "metrics"
  // Fields, checked wherever they are selected.
  | `User.${string}`
  // Subscriptions, tested elsewhere: they need a socket.
  | "presenceChanged"
  | "userChanged"
  | "settingsChanged"
  | "reservationChanged"
  | "tabRefreshed";
export type ExampleName = Exclude<Operation, NoOperation>;

const figure = { statistic: "CALLS" };
const available = { statusId: 1 };

/** For each operation, the arguments of a call that succeeds for a caller with the permission. */
export const examples: Readonly<Record<ExampleName, (scene: Scene) => Arguments>> = {
  viewer: () => ({}),
  node: ({ groupId }) => ({ id: groupId }),
  nodes: ({ groupId, viewId }) => ({ ids: [groupId, viewId] }),
  statuses: () => ({}),
  groups: () => ({}),
  campaigns: () => ({}),
  views: () => ({}),
  user: ({ by }) => ({ by }),
  users: () => ({ first: 1 }),
  agent: ({ by }) => ({ by }),
  agents: () => ({ first: 1 }),
  presences: () => ({ first: 1 }),
  auditRecords: () => ({ first: 1 }),
  apiKeys: () => ({}),
  sessions: ({ by }) => ({ by }),

  login: ({ credentials }) => ({ input: credentials }),
  logout: () => ({}),
  revokeSession: ({ sessionId }) => ({ input: { id: sessionId } }),

  createUser: ({ unique }) => ({ input: { username: unique } }),
  updateUser: ({ by, unique }) => ({ input: { user: by, firstname: unique } }),
  deactivateUser: ({ by }) => ({ input: { user: by } }),
  importUsers: ({ unique }) => ({ input: { rows: [{ username: unique }] } }),
  registerAgent: ({ by }) => ({ input: { user: by, role: "MANAGER" } }),
  removeAgent: ({ by }) => ({ input: { user: by, role: "AGENT" } }),
  setAgentAvailability: ({ by }) => ({ input: { user: by, availability: "NOT_AVAILABLE" } }),

  setStatus: ({ by }) => ({ input: { user: by, ...available } }),
  lockStatus: ({ by }) => ({ input: { user: by, ...available } }),
  unlockStatus: ({ by }) => ({ input: { user: by } }),
  heartbeat: ({ by }) => ({ input: { user: by } }),
  reportExternalStatus: ({ by }) => ({ input: { user: by, source: "calendar" } }),
  reportTelephoneStatus: ({ by }) => ({ input: { user: by, telephoneStatus: "BUSY" } }),

  reserveUserForLiveChannel: ({ by }) => ({ input: { user: by, ttlSeconds: 3600 } }),
  reserveNextAvailable: () => ({ input: { ttlSeconds: 3600 } }),
  acceptReservation: ({ reservation }) => ({ input: reservation }),
  releaseReservation: ({ reservation }) => ({ input: reservation }),

  setCampaignState: ({ by, campaign }) => ({ input: { user: by, campaign, active: true } }),
  updateUserSettings: ({ by }) => ({ input: { user: by, maxChats: 7 } }),
  "updateUserSettings.ticketIncognitoMode": ({ by }) => ({
    input: { user: by, ticketIncognitoMode: true },
  }),
  updateUserView: ({ by, viewId }) => ({ input: { user: by, viewId, selected: true } }),
  addUserStatistic: ({ by }) => ({ input: { user: by, ...figure } }),
  removeUserStatistic: ({ by }) => ({ input: { user: by, ...figure } }),
  watchUserStatistic: ({ by }) => ({ input: { user: by, ...figure, watched: true } }),
  refreshTab: ({ unique }) => ({ input: { tabId: unique } }),

  createStatus: ({ unique }) => ({ input: { name: unique, class: "AWAY" } }),
  updateStatus: ({ unique }) => ({ input: { id: 8, name: unique } }),
  createGroup: ({ unique }) => ({ input: { name: unique } }),
  updateGroup: ({ groupId, unique }) => ({ input: { id: groupId, name: unique } }),
  createCampaign: ({ unique }) => ({ input: { name: unique } }),
  updateCampaign: ({ campaignId, campaign }) => ({ input: { id: campaignId, name: campaign } }),
  createView: ({ unique }) => ({ input: { name: unique } }),
  updateView: ({ viewId, unique }) => ({ input: { id: viewId, name: unique } }),
  createApiKey: ({ unique }) => ({ input: { name: unique, permissions: ["USER_READ"] } }),
  rotateApiKey: ({ rotatedKeyId }) => ({ input: { id: rotatedKeyId, overlapSeconds: 60 } }),
  revokeApiKey: ({ apiKeyId }) => ({ input: { id: apiKeyId } }),
};

/** Every query and mutation of the schema, by name. */
export function operationsOf(schema: GraphQLSchema): ReadonlyMap<string, SchemaOperation> {
  const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  return new Map<string, SchemaOperation>([
    ...queries.map((field) => [field.name, { kind: "query", field }] as const),
    ...mutations.map((field) => [field.name, { kind: "mutation", field }] as const),
  ]);
}

export interface SchemaOperation {
  readonly kind: "query" | "mutation";
  readonly field: GraphQLField<unknown, unknown>;
}

/** A document with one operation, with a variable for each of these arguments. */
export function documentOf(
  { kind, field }: SchemaOperation,
  given: Arguments,
  selection = "{ __typename }",
): string {
  const used = field.args.filter(({ name }) => name in given);
  const variables = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(", ");
  const values = used.map(({ name }) => `${name}: $${name}`).join(", ");
  const parentheses = (list: string) => (list === "" ? "" : `(${list})`);
  const fields = isLeafType(getNamedType(field.type)) ? "" : ` ${selection}`;
  return `${kind}${parentheses(variables)} { ${field.name}${parentheses(values)}${fields} }`;
}
