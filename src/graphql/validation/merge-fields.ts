import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The selections of a field that become one field of the response. */
export interface MergedField {
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** The type condition of a fragment around the field; null outside of fragments. */
  readonly typeCondition: string | null;
}

/**
 * The fields of one selection set, with fragments expanded and selections of the same field merged, as the
 * execution does.
 *
 * @param parent the type of the selection set, if it is known: a fragment on it has no type condition
 * @param count called for every selection; it stops the work by throwing, because nested fragment spreads
 * grow exponentially
 */
export function mergeFields(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  parent: string | null = null,
  count: () => void = () => undefined,
): Iterable<MergedField> {
  const merged = new Map<string, { nodes: [FieldNode]; typeCondition: string | null }>();
  const visited = new Set<string>();

  const conditionFor = (to: string): string | null => (to === parent ? null : to);
  const collect = ({ selections }: SelectionSetNode, typeCondition: string | null): void => {
    for (const selection of selections) {
      count();
      if (selection.kind === Kind.FIELD) {
        const key = `${typeCondition ?? ""}.${(selection.alias ?? selection.name).value}`;
        const earlier = merged.get(key);
        if (earlier) earlier.nodes.push(selection);
        else merged.set(key, { nodes: [selection], typeCondition });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition;
        collect(selection.selectionSet, on ? conditionFor(on.name.value) : typeCondition);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment)
          collect(fragment.selectionSet, conditionFor(fragment.typeCondition.name.value));
      }
    }
  };
  for (const set of sets) collect(set, null);
  return merged.values();
}

/** The selection sets below a field, of all its selections. */
export const selectionsBelow = ({ nodes }: MergedField): SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);

/** The selections on the level of a selection set, those in fragments included. */
export function rootSelections(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  visited = new Set<string>(),
): readonly SelectionNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return [selection, ...rootSelections(selection.selectionSet, fragments, visited)];
    }
    const name = selection.name.value;
    const fragment = visited.has(name) ? undefined : fragments.get(name);
    visited.add(name);
    const nested = fragment ? rootSelections(fragment.selectionSet, fragments, visited) : [];
    return [selection, ...nested];
  });
}
