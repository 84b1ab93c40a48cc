import type { GatewayClient } from "../gateway-client.js";
import { USER, type UserData } from "./user-text.js";

const PAGE = 100;

const LIST = `query ($first: Int!, $after: Cursor, $filter: UserFilter) {
  users(first: $first, after: $after, filter: $filter, orderBy: { field: USERNAME }) {
    nodes { ...UserFields }
    pageInfo { hasNextPage endCursor }
  }
}
${USER}`;

interface ListData {
  readonly users: {
    readonly nodes: readonly UserData[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** The first `max` users, page by page. */
export async function listUsers(
  { request }: GatewayClient,
  filter: object,
  max: number,
): Promise<{ users: UserData[]; hasMore: boolean }> {
  const users: UserData[] = [];
  let after: string | null = null;
  for (;;) {
    const first = Math.min(PAGE, max - users.length);
    const { users: page }: ListData = await request<ListData>(LIST, { first, after, filter });
    users.push(...page.nodes);
    const { hasNextPage, endCursor }: ListData["users"]["pageInfo"] = page.pageInfo;
    if (!hasNextPage || users.length >= max) return { users, hasMore: hasNextPage };
    after = endCursor;
  }
}
