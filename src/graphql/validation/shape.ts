import { type DocumentNode, Kind, type SelectionSetNode, visit } from "graphql";
import type { OperationLimits } from "../../config/limits.js";
import { tooLarge } from "./limits.js";
import { type Fragments, mergeFields, selectionsBelow } from "./merge-fields.js";

/**
 * Looks at the document alone, before it is compared with the schema: comparing an outsized one would
 * be the work that the bounds are there to save.
 *
 * @throws GraphQLError OPERATION_TOO_LARGE; never after more steps than `maxCost`
 */
export function assertShape(
  document: DocumentNode,
  fragments: Fragments,
  bounds: OperationLimits,
): void {
  assertDirectives(document, bounds);
  const spend = countdown(bounds.maxCost);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    assertSelections(definition.selectionSet, fragments, bounds, spend);
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

/** Every selection that is looked at is at least one value of the answer. */
export function countdown(limit: number): () => void {
  let left = limit;
  return () => {
    left -= 1;
    if (left < 0) throw tooLarge("cost", limit);
  };
}

function assertSelections(
  root: SelectionSetNode,
  fragments: Fragments,
  bounds: OperationLimits,
  spend: () => void,
): void {
  const { maxDepth, maxAliases, maxDuplicateFields } = bounds;
  let aliases = 0;
  let duplicates = 0;
  const descend = (sets: readonly SelectionSetNode[], depth: number): void => {
    if (depth > maxDepth) throw tooLarge("depth", maxDepth);
    for (const field of mergeFields(sets, fragments, null, spend)) {
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
