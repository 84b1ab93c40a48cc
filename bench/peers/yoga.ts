import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  displayNameOf,
  grouped,
  idOf,
  inOrder,
  type ListArguments,
  type PresenceRow,
  Rows,
  type UserRow,
} from "./rows.js";
import { typeDefs } from "./schema.js";

const rows = new Rows(process.env["DATABASE_URL"] ?? "");

/** Of one request. */
const createLoaders = () => ({
  agents: new DataLoader(async (ids: readonly number[]) =>
    inOrder(ids, await rows.agents(ids), ({ userId }) => userId),
  ),
  presences: new DataLoader(async (ids: readonly number[]) =>
    inOrder(ids, await rows.presences(ids), ({ userId }) => userId),
  ),
  statuses: new DataLoader(async (ids: readonly number[]) =>
    inOrder(ids, await rows.statuses(ids), ({ id }) => id),
  ),
  locks: new DataLoader(async (ids: readonly number[]) =>
    inOrder(ids, await rows.locks(ids), ({ userId }) => userId),
  ),
  groups: new DataLoader(async (ids: readonly number[]) => grouped(ids, await rows.groups(ids))),
});

type Context = ReturnType<typeof createLoaders>;

interface SetStatusArguments {
  readonly input: { readonly user: { readonly id: string }; readonly statusId: number };
}

const schema = createSchema<Context>({
  typeDefs,
  resolvers: {
    Query: {
      user: (_: unknown, given: { by: { id: string } }) => rows.user(given),
      users: (_: unknown, given: ListArguments) => rows.users(given),
    },
    Mutation: {
      setStatus: async (_: unknown, { input }: SetStatusArguments) => {
        const presence = await rows.setStatus(input.user.id, input.statusId);
        if (!presence) throw new Error("refused");
        return { applied: true, presence };
      },
    },
    User: {
      id: idOf,
      displayName: displayNameOf,
      agent: ({ id }: UserRow, _: unknown, { agents }: Context) => agents.load(id),
      presence: ({ id }: UserRow, _: unknown, { presences }: Context) => presences.load(id),
      groups: ({ id }: UserRow, _: unknown, { groups }: Context) => groups.load(id),
    },
    Presence: {
      status: ({ statusId }: PresenceRow, _: unknown, { statuses }: Context) =>
        statuses.load(statusId),
      lock: ({ userId }: PresenceRow, _: unknown, { locks }: Context) => locks.load(userId),
    },
  },
});

const yoga = createYoga({ schema, context: createLoaders, logging: false, graphiql: false });
const server = createServer((request, response) => void yoga(request, response));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening http://127.0.0.1:${port}\n`);
});
