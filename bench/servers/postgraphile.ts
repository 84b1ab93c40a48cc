import { resolve } from "node:path";
import { displayName, globalId } from "../floor/json.js";
import { graphql, type Values, type Workload } from "../workloads/workload.js";
import { PEERS } from "./peers.js";
import type { BenchedServer } from "./server.js";

interface User {
  readonly rowId: number;
  readonly username: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly email: string | null;
}

interface Presence {
  readonly source: string;
  readonly changesAt: string | null;
  readonly statusByStatusId: { readonly name: string };
}

interface Claim {
  readonly kind: string;
  readonly reason: string | null;
  readonly setAt: string;
  readonly until: string | null;
}

interface WholeUser extends User {
  readonly agentByUserId: { readonly availability: string } | null;
  readonly presenceByUserId: Presence & {
    readonly presenceClaimsByUserId: { readonly nodes: readonly Claim[] };
  };
  readonly groupMembersByUserId: {
    readonly nodes: readonly { readonly groupByGroupId: { readonly name: string } }[];
  };
}

const NAME = "rowId username firstname lastname";

/** The same data from a schema generated from tables. */
const operations: Readonly<Record<string, string>> = {
  Q1: `query ($id: Int!) { userByRowId(rowId: $id) { ${NAME} email } }`,
  Q2: `query ($place: String!) { benchUsersBehind(place: $place) { nodes { ${NAME}
    agentByUserId { availability }
    presenceByUserId {
      statusByStatusId { name }
      presenceClaimsByUserId { nodes { kind reason setAt until } }
    }
    groupMembersByUserId { nodes { groupByGroupId { name } } } } } }`,
  Q3: `mutation ($person: Int!, $status: Int!, $target: String!) {
    benchSetStatus(input: { person: $person, status: $status, request: "peer", target: $target }) {
      result { source changesAt statusByStatusId { name } } } }`,
  Q4: `query ($word: String!, $place: String!) {
    benchUsersFound(word: $word, place: $place) { nodes { ${NAME} email } } }`,
};

function variablesOf(name: string, values: Values): object {
  const { id, statusId, username, search } = values;
  if (name === "Q1") return { id };
  if (name === "Q3") return { person: id, status: statusId, target: globalId("User", String(id)) };
  return { word: search, place: username };
}

const nameOf = ({ rowId, firstname, lastname, username }: User) => ({
  id: globalId("User", String(rowId)),
  displayName: JSON.parse(displayName(firstname, lastname, username)) as string,
});

const toUser = (user: User) => ({ ...nameOf(user), username: user.username, email: user.email });

const iso = (time: string | null): string | null => time && new Date(time).toISOString();

function toWholeUser(user: WholeUser): object {
  const { presenceByUserId: presence, groupMembersByUserId: members, agentByUserId: agent } = user;
  const lock = presence.presenceClaimsByUserId.nodes.find(
    ({ kind, until }) => kind === "LOCK" && (until === null || new Date(until) > new Date()),
  );
  return {
    ...nameOf(user),
    agent,
    presence: {
      status: presence.statusByStatusId,
      lock: lock
        ? { reason: lock.reason, lockedAt: iso(lock.setAt), until: iso(lock.until) }
        : null,
    },
    groups: members.nodes
      .map(({ groupByGroupId }) => groupByGroupId)
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** Rollcall's response for the same values, in its order of fields. */
const translations: Readonly<Record<string, (data: never) => object>> = {
  Q1: ({ userByRowId }: { userByRowId: User }) => ({ user: toUser(userByRowId) }),
  Q2: ({ benchUsersBehind }: { benchUsersBehind: { nodes: WholeUser[] } }) => ({
    users: { nodes: benchUsersBehind.nodes.map(toWholeUser) },
  }),
  Q3: ({ benchSetStatus }: { benchSetStatus: { result: Presence } }) => {
    const { source, changesAt, statusByStatusId: status } = benchSetStatus.result;
    return { setStatus: { applied: true, presence: { status, source, until: iso(changesAt) } } };
  },
  Q4: ({ benchUsersFound: { nodes } }: { benchUsersFound: { nodes: User[] } }) => {
    const page = nodes.slice(0, 100);
    const last = page.at(-1)?.username.toLowerCase() ?? "";
    const endCursor = Buffer.from(JSON.stringify(["username", last])).toString("base64url");
    const pageInfo = { hasNextPage: nodes.length > 100, endCursor };
    return { users: { nodes: page.map(toUser), pageInfo } };
  },
};

function request({ name }: Workload, values: Values) {
  const query = operations[name];
  return query === undefined ? null : graphql(query, variablesOf(name, values));
}

function translate({ name }: Workload, response: string): string {
  const { data, errors } = JSON.parse(response) as { data: never; errors?: unknown };
  const translated = errors === undefined ? translations[name]?.(data) : data;
  return JSON.stringify({ data: translated, errors });
}

export const postgraphile: BenchedServer = {
  name: "postgraphile",
  title:
    "PostGraphile 5 on node:http, with a schema generated from the tables and three functions; Node 22",
  command: (databaseUrl) => ({
    // It needs a newer Node than Rollcall's oldest.
    program: resolve(PEERS, "node_modules", "node", "bin", "node"),
    args: [resolve(PEERS, "peers", "dist", "peers", "postgraphile.js")],
    env: { DATABASE_URL: databaseUrl, NODE_ENV: "production" },
  }),
  listening: /listening (\S+)/,
  headers: {},
  request,
  translate,
};
