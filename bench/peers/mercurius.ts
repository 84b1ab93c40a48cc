import Fastify from "fastify";
import mercurius, { type IResolvers, type MercuriusLoaders } from "mercurius";
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

/** As its documentation recommends for speed: JIT from the first request, and loaders that receive all rows together. */
const rows = new Rows(process.env["DATABASE_URL"] ?? "");

interface SetStatusArguments {
  readonly input: { readonly user: { readonly id: string }; readonly statusId: number };
}

const resolvers: IResolvers = {
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
  User: { id: idOf, displayName: displayNameOf },
};

type Asked<Row> = readonly { readonly obj: Row }[];
const idsOf = (asked: Asked<UserRow>) => asked.map(({ obj }) => obj.id);
const ownersOf = (asked: Asked<PresenceRow>) => asked.map(({ obj }) => obj.userId);

const loaders: MercuriusLoaders = {
  User: {
    agent: async (asked: Asked<UserRow>) => {
      const ids = idsOf(asked);
      return inOrder(ids, await rows.agents(ids), ({ userId }) => userId);
    },
    presence: async (asked: Asked<UserRow>) => {
      const ids = idsOf(asked);
      return inOrder(ids, await rows.presences(ids), ({ userId }) => userId);
    },
    groups: async (asked: Asked<UserRow>) => {
      const ids = idsOf(asked);
      return grouped(ids, await rows.groups(ids));
    },
  },
  Presence: {
    status: async (asked: Asked<PresenceRow>) => {
      const ids = asked.map(({ obj }) => obj.statusId);
      return inOrder(ids, await rows.statuses([...new Set(ids)]), ({ id }) => id);
    },
    lock: async (asked: Asked<PresenceRow>) => {
      const ids = ownersOf(asked);
      return inOrder(ids, await rows.locks(ids), ({ userId }) => userId);
    },
  },
};

async function run(): Promise<void> {
  const app = Fastify();
  await app.register(mercurius, { schema: typeDefs, resolvers, loaders, jit: 1 });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  process.stdout.write(`listening ${url}\n`);
}

void run();
