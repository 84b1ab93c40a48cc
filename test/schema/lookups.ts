import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import { createLoaders, type Loaders } from "../../src/loaders/index.js";
import { type LoadDatabase, MIDDLE } from "./load-database.js";

const actor = system("explain");

type Lookup = (database: LoadDatabase) => Promise<unknown>;

const nodeIds = (["User", "Agent", "Presence", "Reservation", "ApiKey"] as const).flatMap((type) =>
  [5, 50_000, 99_995].map((key) => toGlobalId(type, key)),
);

/** Every lookup by key, of any door. */
export const lookups: Readonly<Record<string, Lookup>> = {
  "a user by id": ({ services }) => services.users.find(actor, { id: toGlobalId("User", 50_000) }),
  "a user by username": ({ services }) => services.users.find(actor, { username: "LOAD050000" }),
  "a user by e-mail address": ({ services }) =>
    services.users.find(actor, { email: "Load050000@example.net" }),
  "a user by telephone": ({ services }) =>
    services.users.find(actor, { telephone: "+12005550199" }),
  "a user by Clientexec's id": ({ services }) =>
    services.users.find(actor, { external: { system: "CLIENTEXEC", id: "50000" } }),
  "a user by Rocket.Chat's id": ({ services }) =>
    services.users.find(actor, { external: { system: "ROCKET_CHAT", id: "Load0000000050000" } }),
  "a user by jtel's id": ({ services }) =>
    services.users.find(actor, { external: { system: "JTEL", id: "50000" } }),
  "a user by Omnidesk's id": ({ services }) =>
    services.users.find(actor, { external: { system: "OMNIDESK", id: "50000" } }),
  "a user who is not there": ({ services }) => services.users.find(actor, { username: "nobody" }),
  "an agent": ({ services }) => services.agents.find(actor, { username: MIDDLE }),
  "a user of a legacy list": ({ services }) =>
    services.legacyLists.get(actor, "user", { username: MIDDLE }),
  "nodes of all types": ({ services }) => services.nodes.find(actor, "nodes", nodeIds),
  "whom a credential belongs to": ({ services }) =>
    services.authentication
      .authenticate(MIDDLE, { door: "GRAPHQL", requestId: "explain" })
      .catch(() => null),
  "who signs in": ({ services }) =>
    services.login
      .login({ door: "GRAPHQL", requestId: "explain" }, { user: MIDDLE, password: "wrong" })
      .catch(() => null),
};

/** The arguments of loaders that take more than keys. */
const loaderArguments: Readonly<Record<string, object | string | null>> = {
  viewsByUserId: "load",
  historiesByUserId: { since: null, after: null, limit: 21 },
  historyLengthsByUserId: null,
  timeInStatusByUserId: { since: new Date(Date.now() - 86_400_000), until: null },
};

export const loaderNames: readonly string[] = Object.keys(createLoaders(null as never)).filter(
  (name) => name !== "selecting",
);

export const LOADED_KEYS = 100;

/** Loads for a page of users, one of which has a long history. */
export function load({ services }: LoadDatabase, name: string): Promise<unknown> {
  const loader = createLoaders(services.reader)[name as keyof Loaders] as (
    keys: readonly number[],
    given: unknown,
  ) => Promise<unknown>;
  const keys = Array.from({ length: LOADED_KEYS }, (_, i) => 49_950 + i);
  return loader(keys, loaderArguments[name]);
}
