import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * A subscription that may turn out to have no field cannot be followed. The specification forbids it;
 * GraphQL.js fails, at the latest when it is executed.
 */
export function conditionalSubscriptions(
  { definitions }: DocumentNode,
  fragments: Fragments,
): readonly GraphQLError[] {
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return [];
    const conditional = rootsOf(definition.selectionSet, fragments).find(isConditional);
    if (!conditional) return [];
    const message = "The field of a subscription may not depend on @skip or @include";
    return [new GraphQLError(message, { nodes: conditional })];
  });
}

const isConditional = ({ directives = [] }: SelectionNode): boolean =>
  directives.some(({ name }) => name.value === "skip" || name.value === "include");

/** What stands on the level of the operation itself, in fragments as well. */
export function rootsOf(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  seen = new Set<string>(),
): readonly SelectionNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return [selection, ...rootsOf(selection.selectionSet, fragments, seen)];
    }
    const name = selection.name.value;
    const fragment = seen.has(name) ? undefined : fragments.get(name);
    seen.add(name);
    return fragment ? [selection, ...rootsOf(fragment.selectionSet, fragments, seen)] : [selection];
  });
}
