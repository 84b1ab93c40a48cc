import { type DocumentNode, GraphQLError, Kind, type SelectionSetNode, visit } from "graphql";
import type { OperationLimits } from "../../config/limits.js";
import { type Fragments, mergeFields, selectionsBelow } from "./merge-fields.js";

export type OperationLimit =
  "tokens" | "depth" | "aliases" | "duplicateFields" | "directives" | "cost";

const messages: Readonly<Record<OperationLimit, (limit: number) => string>> = {
  tokens: (limit) => `has more than ${limit} tokens`,
  depth: (limit) => `is nested more than ${limit} levels deep`,
  aliases: (limit) => `has more than ${limit} aliases`,
  duplicateFields: (limit) => `selects a field again more than ${limit} times`,
  directives: (limit) => `has more than ${limit} directives`,
  cost: (limit) => `may cost more than ${limit}`,
};

/** The error of an operation that exceeds a limit. */
export const tooLarge = (
  bound: OperationLimit,
  limit: number,
  details: object = {},
): GraphQLError =>
  new GraphQLError(`The operation ${messages[bound](limit)}`, {
    extensions: { code: "OPERATION_TOO_LARGE", bound, limit, ...details },
  });

/** Counts selections and throws above the limit: each is at least one value of the response. */
function selectionCounter(limit: number): () => void {
  let left = limit;
  return () => {
    left -= 1;
    if (left < 0) throw tooLarge("cost", limit);
  };
}

/**
 * Checks the size of a document before it is validated: validating an oversized document is the work that the limits
 * prevent.
 *
 * @throws GraphQLError OPERATION_TOO_LARGE, after at most `maxCost` selections
 */
export function assertWithinLimits(
  document: DocumentNode,
  fragments: Fragments,
  limits: OperationLimits,
): void {
  assertDirectives(document, limits);
  const count = selectionCounter(limits.maxCost);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    assertSelections(definition.selectionSet, fragments, limits, count);
  }
}

function assertDirectives(document: DocumentNode, { maxDirectives }: OperationLimits): void {
  let directives = 0;
  visit(document, {
    Directive: () => {
      directives += 1;
      if (directives > maxDirectives) throw tooLarge("directives", maxDirectives);
    },
  });
}

function assertSelections(
  root: SelectionSetNode,
  fragments: Fragments,
  { maxDepth, maxAliases, maxDuplicateFields }: OperationLimits,
  count: () => void,
): void {
  let aliases = 0;
  let duplicates = 0;
  const descend = (sets: readonly SelectionSetNode[], depth: number): void => {
    if (depth > maxDepth) throw tooLarge("depth", maxDepth);
    for (const field of mergeFields(sets, fragments, null, count)) {
      if (field.nodes[0].alias) aliases += 1;
      if (aliases > maxAliases) throw tooLarge("aliases", maxAliases);
      duplicates += field.nodes.length - 1;
      if (duplicates > maxDuplicateFields) throw tooLarge("duplicateFields", maxDuplicateFields);
      const below = selectionsBelow(field);
      if (below.length > 0) descend(below, depth + 1);
    }
  };
  descend([root], 1);
}
