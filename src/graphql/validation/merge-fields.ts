import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The mentions of a field that are one in the answer. */
export interface MergedField {
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** The type that a fragment narrows the place to; null outside of fragments. */
  readonly typeCondition: string | null;
}

/**
 * The fields of one place of the answer, fragments spread and mentions of the same field put together,
 * as the execution will do it.
 *
 * @param parent the type of the place, where it is known: a fragment on it narrows nothing
 * @param spend called for every selection that is looked at; stops the work by throwing, since spreads
 *   within spreads grow exponentially
 */
export function mergeFields(
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  parent: string | null,
  spend: () => void,
): Iterable<MergedField> {
  const merged = new Map<string, { nodes: [FieldNode]; typeCondition: string | null }>();
  const seen = new Set<string>();

  const narrowed = (to: string): string | null => (to === parent ? null : to);
  const collect = ({ selections }: SelectionSetNode, typeCondition: string | null): void => {
    for (const selection of selections) {
      spend();
      if (selection.kind === Kind.FIELD) {
        const key = `${typeCondition ?? ""}.${(selection.alias ?? selection.name).value}`;
        const known = merged.get(key);
        if (known) known.nodes.push(selection);
        else merged.set(key, { nodes: [selection], typeCondition });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition;
        collect(selection.selectionSet, on ? narrowed(on.name.value) : typeCondition);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet, narrowed(fragment.typeCondition.name.value));
      }
    }
  };
  for (const set of sets) collect(set, null);
  return merged.values();
}

/** What is asked for below a field, wherever it is mentioned. */
export const selectionsBelow = ({ nodes }: MergedField): SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
