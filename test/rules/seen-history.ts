import type { User } from "../../src/entities/user.entity.js";
import type { GraphQLAnswer, TestGateway } from "../support/gateway.js";
import { granted } from "./graphql-client-calls.js";

export interface SeenChange {
  readonly from: { readonly id: number } | null;
  readonly to: { readonly id: number };
  readonly source: string;
  readonly cause: string;
  readonly actor: string;
  readonly door: string;
  readonly changedAt: string;
  readonly lastInternalCallId: string | null;
}

export interface SeenHistory {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly cursor: string; readonly node: SeenChange }[];
}

export interface HistoryArguments {
  readonly since?: string;
  readonly first?: number;
  readonly after?: string | null;
}

export const HISTORY = `
  totalCount pageInfo { hasNextPage endCursor }
  edges { cursor node { from { id } to { id } source cause actor door changedAt lastInternalCallId } }`;

export const askHistory = (
  { ask }: TestGateway,
  secret: string,
  { globalId }: User,
  page: HistoryArguments = {},
): Promise<GraphQLAnswer> =>
  ask(
    secret,
    `query ($id: ID!, $since: DateTime, $first: Int, $after: Cursor) {
       user(by: { id: $id }) { statusHistory(since: $since, first: $first, after: $after) { ${HISTORY} } } }`,
    { id: globalId, ...page },
  );

/** A page of a user's history as a client sees it, newest first. */
export async function seeHistory(...request: Parameters<typeof askHistory>): Promise<SeenHistory> {
  return granted<{ statusHistory: SeenHistory }>(await askHistory(...request)).statusHistory;
}

/** The statuses of a history, oldest first, starting with the status before the first change. */
export const chainOf = ({ edges }: SeenHistory): (number | null | undefined)[] => {
  const changes = edges.map(({ node }) => node).reverse();
  return [changes[0]?.from?.id ?? null, ...changes.map(({ to }) => to.id)];
};

/** Whether each change starts from the status of the previous one, changes it, and is not earlier. */
export const isConsistent = ({ edges }: SeenHistory): boolean =>
  edges.every(({ node }, i) => {
    const before = edges[i + 1]?.node;
    const follows =
      !before || (node.from?.id === before.to.id && node.changedAt >= before.changedAt);
    return follows && node.from?.id !== node.to.id;
  });
