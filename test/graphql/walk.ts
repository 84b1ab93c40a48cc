import type { TestGateway } from "../support/gateway.js";
import type { Arguments } from "../support/operations.js";
import { dataOf } from "./answers.js";

export interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const PAGE = `{ totalCount edges { cursor node { id } } nodes { id }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

export type List = "users" | "agents" | "presences";

/** The arguments of a list without those of its page. */
export type ListArguments = Readonly<{ filter?: Arguments; orderBy?: Arguments }>;

const typeNames: Record<List, string> = { users: "User", agents: "Agent", presences: "Presence" };

const argumentTypes = (list: List): Record<string, string> => ({
  filter: `${typeNames[list]}Filter`,
  orderBy: `${typeNames[list]}Order`,
  first: "Int",
  after: "Cursor",
  last: "Int",
  before: "Cursor",
});

/** Requests one page. */
export function askPage({ ask }: TestGateway, secret: string, list: List, given: Arguments) {
  const types = argumentTypes(list);
  const names = Object.keys(given);
  const variables = names.map((name) => `$${name}: ${types[name]}`).join(", ");
  const values = names.map((name) => `${name}: $${name}`).join(", ");
  const document =
    names.length === 0
      ? `{ page: ${list} ${PAGE} }`
      : `query (${variables}) { page: ${list}(${values}) ${PAGE} }`;
  return ask(secret, document, given);
}

export async function fetchPage(
  gateway: TestGateway,
  secret: string,
  list: List,
  given: Arguments,
): Promise<Page> {
  return dataOf<{ page: Page }>(await askPage(gateway, secret, list, given)).page;
}

export interface Walk {
  readonly list: List;
  readonly what: ListArguments;
  readonly size: number;
  /** Called between two pages. */
  readonly meanwhile?: (page: Page) => Promise<void>;
}

/** All ids from the first to the last page. */
export async function walkForward(
  gateway: TestGateway,
  secret: string,
  { list, what, size, meanwhile }: Walk,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const position: Arguments = after === null ? {} : { after };
    const page = await fetchPage(gateway, secret, list, { ...what, first: size, ...position });
    ids.push(...idsOf(page));
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    if (!page.pageInfo.hasNextPage) return ids;
    expect(page.edges).toHaveLength(size);
    after = page.pageInfo.endCursor;
    await meanwhile?.(page);
  }
}

/** All ids, fetched from the last to the first page; in the order of the list. */
export async function walkBackward(
  gateway: TestGateway,
  secret: string,
  { list, what, size, meanwhile }: Walk,
): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | null = null; ;) {
    const position: Arguments = before === null ? {} : { before };
    const page = await fetchPage(gateway, secret, list, { ...what, last: size, ...position });
    ids.unshift(...idsOf(page));
    expect(page.pageInfo.hasNextPage).toBe(before !== null);
    if (!page.pageInfo.hasPreviousPage) return ids;
    expect(page.edges).toHaveLength(size);
    before = page.pageInfo.startCursor;
    await meanwhile?.(page);
  }
}

/** The ids of a page. Its edges, nodes and page info must agree. */
function idsOf({ edges, nodes, pageInfo }: Page): string[] {
  expect(edges.map(({ node }) => node)).toEqual(nodes);
  expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
  expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
  return nodes.map(({ id }) => id);
}
