import { graphql, userId, withoutExtensions, type Workload } from "./workload.js";

export const QUERY = `query ($by: UserBy!) { user(by: $by) { id username displayName email } }`;

export const oneUser: Workload = {
  name: "Q1",
  title: "one user by id, 4 fields",
  connections: 50,
  isGraphql: true,
  values: async (database) => {
    // In random order: consecutive requests read different disk pages.
    const { rows } = await database.query<{ id: number }>(
      `SELECT id FROM users ORDER BY md5(username) LIMIT 1000`,
    );
    return rows.map(({ id }) => ({ id }));
  },
  request: ({ id }) => graphql(QUERY, { by: { id: userId(Number(id)) } }),
  comparable: withoutExtensions,
};
