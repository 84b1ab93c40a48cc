import { QUERY, fiftyUsers } from "./fifty-users.js";
import { cursorAfter, graphql, type Workload } from "./workload.js";

const SIZE = 50;

/** The same page in all requests. No values when there are fewer pages. */
const nthPage = (name: string, n: number): Workload => ({
  ...fiftyUsers,
  name,
  title: `page ${n} of all users, as in Q2`,
  values: async (database) => {
    if (n === 1) return [{ username: "" }];
    const { rows } = await database.query<{ username: string }>(
      `SELECT username FROM users ORDER BY lower(username) LIMIT 1 OFFSET ${(n - 1) * SIZE - 1}`,
    );
    return rows;
  },
  request: ({ username }) =>
    graphql(QUERY, { after: username === "" ? null : cursorAfter(String(username)) }),
});

export const firstPage = nthPage("P1", 1);
export const thousandthPage = nthPage("P1000", 1000);
