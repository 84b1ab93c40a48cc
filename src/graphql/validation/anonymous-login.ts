import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { type Fragments, mergeFields } from "./merge-fields.js";

const TYPENAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } }],
};

/**
 * Of an operation that signs in what finds out whether that is allowed, and nothing else: `login` as it stands there, then
 * `logout`, so that nobody stays signed in. When it fails, then as the whole would.
 */
export function loginOnly(
  operation: OperationDefinitionNode,
  fragments: Fragments,
): OperationDefinitionNode | null {
  const roots = mergeFields([operation.selectionSet], fragments, null, () => undefined);
  const login = [...roots].map(({ nodes }) => nodes[0]).find(({ name }) => name.value === "login");
  if (!login) return null;
  const variables = variablesOf(login);
  const { variableDefinitions = [] } = operation;
  return {
    ...operation,
    directives: [],
    variableDefinitions: variableDefinitions.filter(({ variable }) =>
      variables.has(variable.name.value),
    ),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [{ ...login, selectionSet: TYPENAME }, logoutBeside(login)],
    },
  };
}

function logoutBeside({ alias, name }: FieldNode): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: `${(alias ?? name).value}_end` },
    name: { kind: Kind.NAME, value: "logout" },
    selectionSet: TYPENAME,
  };
}

function variablesOf({ arguments: given = [] }: FieldNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const argument of given) {
    visit(argument, { Variable: ({ name }) => void names.add(name.value) });
  }
  return names;
}
