import type { Client } from "pg";
import { cursorAfter, graphql, type Values, withoutExtensions, type Workload } from "./workload.js";

export const QUERY = `query ($after: Cursor, $search: String!) {
  users(first: 100, after: $after, filter: { search: $search }) {
    nodes { id username displayName email }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Each word with the username in the middle of its matches. */
export async function middlesOf(database: Client, words: readonly string[]): Promise<Values[]> {
  const { rows } = await database.query<{ search: string; username: string }>(
    `SELECT word AS search, username FROM unnest($1::text[]) AS word CROSS JOIN LATERAL (
       SELECT username, row_number() OVER (ORDER BY lower(username)) AS place, count(*) OVER () AS total
       FROM users WHERE lower(concat_ws(' ', username, firstname, lastname, email)) LIKE '%' || lower(word) || '%'
     ) found WHERE place = greatest(1, total / 2)`,
    [words],
  );
  return rows;
}

const request = ({ search, username }: Values) =>
  graphql(QUERY, { after: cursorAfter(String(username)), search });

export const searchPage: Workload = {
  name: "Q4",
  title: "a page of 100 in the middle of a search that matches 1 user in 53",
  connections: 50,
  isGraphql: true,
  values: (database) =>
    middlesOf(database, ["Andersson", "Castillo", "García", "Kowalczyk", "Müller", "Yılmaz"]),
  request,
  comparable: withoutExtensions,
};

/** The same with a frequent word, whose pages are full at any number of users. */
export const commonSearchPage: Workload = {
  ...searchPage,
  title: "a page of 100 in the middle of a search that matches 1 user in 3",
  values: (database) => middlesOf(database, ["example.com", "example.org", "example.net"]),
};
