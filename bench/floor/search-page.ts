import { cursorKey, json, toCursor } from "./json.js";
import type { Connections } from "./statement.js";
import { userJson, type UserRow } from "./one-user.js";

const SIZE = 100;

/** The expression of users_search_idx. */
export const SEARCHED_TEXT = `lower(' ' || username || ' ' || coalesce(firstname, '') || ' ' || coalesce(lastname, '') || ' ' || coalesce(email, '') || ' ' || coalesce(telephone, ''))`;

/** MATERIALIZED, so that Postgres uses the search index. By the index of the order it would read 53 users per match. */
export const statement = {
  name: "search-page",
  text: `
    WITH found AS MATERIALIZED (
      SELECT id, username, firstname, lastname, email, lower(username) AS place FROM users
      WHERE ${SEARCHED_TEXT} LIKE lower('%' || $1 || '%')
    )
    SELECT id, username, firstname, lastname, email, place FROM found WHERE place > $2 ORDER BY place LIMIT ${SIZE + 1}`,
  types: ["text", "text"],
};

interface Variables {
  readonly after: string;
  readonly search: string;
}

type Row = [...UserRow, place: string];

export async function searchPage(
  connections: Connections,
  { after, search }: Variables,
): Promise<string> {
  const rows = await connections.query<Row>(statement, [search, cursorKey(after)]);
  const page = rows.slice(0, SIZE);
  const nodes = page.map(([...row]) => userJson(row as unknown as UserRow));
  const end = page.at(-1)?.[5];
  const cursor = end === undefined ? "null" : json(toCursor(end));
  return `{"data":{"users":{"nodes":[${nodes.join()}],"pageInfo":{"hasNextPage":${rows.length > SIZE},"endCursor":${cursor}}}}}`;
}
