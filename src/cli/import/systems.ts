import { JSONParser } from "@streamparser/json";
import type { SourceClient } from "./source-client.js";
import { namesIn, withoutEmpty, type Source, type SourceRow, textOf } from "./source.js";

const OMNIDESK_PAGE = 500;
const ROCKET_CHAT_PAGE = 100;

type Wire = Readonly<Record<string, unknown>>;

/** Reads the pages of a list that returns its total. */
function paged(
  fetchPage: (offset: number) => Promise<{ rows: readonly Wire[]; total: number }>,
  toRow: (wire: Wire) => SourceRow,
): Source {
  let total: number | undefined;
  const rows = async function* () {
    for (let offset = 0; total === undefined || offset < total;) {
      const page = await fetchPage(offset);
      total = page.total;
      if (page.rows.length === 0) return;
      yield* page.rows.map(toRow);
      offset += page.rows.length;
    }
  };
  return { rows: rows(), total: () => total };
}

const sourceRow = (system: string, id: string | undefined, row: Wire): SourceRow => ({
  place: `${system} ${id ?? "?"}`,
  row: withoutEmpty({ ...row, externalIds: id === undefined ? undefined : [{ system, id }] }),
});

/** Sorted by username, so that users created meanwhile shift the offset as little as possible. */
export const readOmnidesk = (server: SourceClient): Source =>
  paged(
    async (offset) => {
      const path = `/api/v2/user?itemStart=${offset}&itemLimit=${OMNIDESK_PAGE}`;
      const { items = [], itemTotal = 0 } = await server.json<{
        items?: Wire[];
        itemTotal?: number;
      }>(path);
      return { rows: items, total: itemTotal };
    },
    (wire) =>
      sourceRow("OMNIDESK", textOf(wire.id), {
        username: textOf(wire.name),
        firstname: textOf(wire.firstname),
        lastname: textOf(wire.lastname),
        email: textOf(wire.email),
        telephone: textOf(wire.telephone ?? wire.telephone_number),
        language: textOf(wire.language),
        dateFormat: textOf(wire.date_format ?? wire.dateFormat),
        kind: wire.type === "customer" ? "CUSTOMER" : undefined,
        active: typeof wire.active === "boolean" ? wire.active : undefined,
      }),
  );

const rocketChatRoles: Readonly<Record<string, string>> = {
  "livechat-agent": "AGENT",
  "livechat-manager": "MANAGER",
};

export const readRocketChat = (server: SourceClient): Source =>
  paged(
    async (offset) => {
      const query = `offset=${offset}&count=${ROCKET_CHAT_PAGE}&sort=${encodeURIComponent('{"username":1}')}`;
      const path = `/api/v1/users.list?${query}`;
      const { users = [], total = 0 } = await server.json<{ users?: Wire[]; total?: number }>(path);
      return { rows: users, total };
    },
    (wire) => {
      const [address] = Array.isArray(wire.emails) ? (wire.emails as Wire[]) : [];
      const roles = Array.isArray(wire.roles) ? wire.roles : [];
      return sourceRow("ROCKET_CHAT", textOf(wire._id), {
        username: textOf(wire.username),
        ...namesIn(wire.name),
        email: textOf(address?.address),
        active: typeof wire.active === "boolean" ? wire.active : undefined,
        roles: roles.flatMap((role) => rocketChatRoles[String(role)] ?? []),
      });
    },
  );

/** One list of any length, read as a stream. */
export function readJtel(server: SourceClient, clientsId: string): Source {
  const path = `/rest/v1.0/${encodeURIComponent(clientsId)}/users`;
  const rows = async function* () {
    for await (const wire of objectsIn(server, await server.stream(path), "$.records.*")) {
      const [id, uid] = [textOf(wire.ID), textOf(wire.UID)];
      yield {
        place: `JTEL ${id ?? "?"}`,
        row: withoutEmpty({
          username: uid,
          externalIds: id === undefined ? undefined : [{ system: "JTEL", id, uid }],
        }),
      };
    }
  };
  return { rows: rows(), total: () => undefined };
}

/**
 * The users online now and recently: Clientexec has no other list. Its users log in with their e-mail
 * address.
 */
export function readClientexec(server: SourceClient): Source {
  let total: number | undefined;
  const rows = async function* () {
    const path = "/api/v2/clients/users/usersonline";
    const { users = [], offlineusers = [] } = await server.json<{
      users?: Wire[];
      offlineusers?: Wire[];
    }>(path);
    total = users.length + offlineusers.length;
    for (const wire of [...users, ...offlineusers]) {
      const email = textOf(wire.email);
      yield sourceRow("CLIENTEXEC", textOf(wire.id), {
        username: email,
        ...namesIn(wire.name),
        email,
        kind: wire.type === "customer" ? "CUSTOMER" : undefined,
      });
    }
  };
  return { rows: rows(), total: () => total };
}

/**
 * Parses objects from a JSON stream.
 *
 * @param path of the objects in the document
 */
export async function* objectsIn(
  server: Pick<SourceClient, "streamError">,
  chunks: AsyncIterable<Uint8Array | string>,
  path: string,
): AsyncGenerator<Wire> {
  const parser = new JSONParser({ paths: [path], keepStack: false });
  let parsed: Wire[] = [];
  parser.onValue = ({ value }) => void parsed.push(value as Wire);
  try {
    for await (const chunk of chunks) {
      parser.write(chunk);
      const batch = parsed;
      parsed = [];
      yield* batch;
    }
    if (!parser.isEnded) throw new Error("the JSON is incomplete");
  } catch (error) {
    throw server.streamError(error);
  }
}
