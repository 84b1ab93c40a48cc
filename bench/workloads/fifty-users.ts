import { cursorAfter, graphql, withoutExtensions, type Workload } from "./workload.js";

export const QUERY = `query ($after: Cursor) {
  users(first: 50, after: $after) {
    nodes {
      id displayName
      agent { availability }
      presence { status { name } lock { reason lockedAt until } }
      groups { name }
    }
  }
}`;

export const fiftyUsers: Workload = {
  name: "Q2",
  title: "50 users with agent, presence (status, lock) and groups",
  connections: 50,
  isGraphql: true,
  values: async (database) => {
    const { rows } = await database.query<{ username: string }>(
      `SELECT username FROM (
         SELECT username, row_number() OVER (ORDER BY lower(username) DESC) AS place FROM users) u
       WHERE place > 50 ORDER BY md5(username) LIMIT 199`,
    );
    // Includes at least one locked user.
    const locked = await database.query<{ username: string }>(
      `SELECT username FROM users JOIN presence_claims c ON c.user_id = users.id
       WHERE c.kind = 'LOCK' ORDER BY lower(username) LIMIT 1`,
    );
    const name = locked.rows[0]?.username;
    const before = name?.replace(/\d+$/, (n) => String(Number(n) - 5).padStart(n.length, "0"));
    return [before ?? "load000001", ...rows.map(({ username }) => username)].map((username) => ({
      username,
    }));
  },
  request: ({ username }) => graphql(QUERY, { after: cursorAfter(String(username)) }),
  comparable: withoutExtensions,
};
