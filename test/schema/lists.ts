import { system } from "../../src/domain/actor.js";
import type { Page, PageRequest } from "../../src/database/pagination/keyset-page.js";
import {
  agentCases,
  auditCases,
  type ListCase,
  presenceCases,
  secondsBefore,
  userCases,
} from "./list-cases.js";
import { type LoadDatabase, MIDDLE } from "./load-database.js";

export type Request = PageRequest & { readonly filter?: object; readonly orderBy?: object | null };

export interface List {
  readonly cases: Readonly<Record<string, ListCase<object>>>;
  /** The default order comes first. Descending orders are the same, read from the end. */
  readonly orders: readonly (object | null)[];
  readonly page: (database: LoadDatabase, request: Request) => Promise<Page<object>>;
  /** A filter that matches the row in the middle. */
  readonly middle: (database: LoadDatabase) => Promise<object>;
  /** The list in plain SQL: its tables, its ids, its sort key, and the sort key of the row in the middle. */
  readonly from: string;
  readonly id: string;
  readonly sorted: string;
  readonly sortedMiddle: string;
}

const actor = system("explain");

const ascending = (field: string) => ({ field, direction: "ASC" });

const PEOPLE = `users u JOIN presences p ON p.user_id = u.id JOIN user_settings s ON s.user_id = u.id
  LEFT JOIN managers g ON g.user_id = u.id`;

const byUsername = {
  middle: () => Promise.resolve({ search: MIDDLE }),
  id: "u.id",
  sorted: "u.username",
  sortedMiddle: `'${MIDDLE}'`,
};

export const lists: Readonly<Record<string, List>> = {
  users: {
    cases: userCases,
    orders: ["USERNAME", "NAME", "CREATED_AT"].map(ascending),
    page: ({ services }, request) => services.users.list(actor, request as object),
    from: `${PEOPLE} LEFT JOIN agents a ON a.user_id = u.id`,
    ...byUsername,
  },
  agents: {
    cases: agentCases,
    orders: ["USERNAME", "REGISTERED_AT"].map(ascending),
    page: ({ services }, request) => services.agents.list(actor, request as object),
    from: `${PEOPLE} JOIN agents a ON a.user_id = u.id`,
    ...byUsername,
  },
  presences: {
    cases: presenceCases,
    orders: [null],
    page: ({ services }, request) => services.presence.list(actor, request),
    middle: async ({ services }) => {
      const user = await services.users.find(actor, { username: MIDDLE });
      return { userIds: [user?.globalId] };
    },
    from: `${PEOPLE} LEFT JOIN agents a ON a.user_id = u.id`,
    id: "u.id",
    sorted: "u.id",
    sortedMiddle: `(SELECT id FROM users WHERE username = '${MIDDLE}')`,
  },
  audit: {
    cases: auditCases,
    orders: [null],
    page: ({ services }, request) => services.audit.list(actor, request),
    middle: () => Promise.resolve({ targetId: "target 1", until: secondsBefore(50_000) }),
    from: "audit_records r",
    id: "r.id",
    sorted: "r.id",
    sortedMiddle: "60001",
  },
};
