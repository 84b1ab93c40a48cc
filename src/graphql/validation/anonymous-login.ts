import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode, visit } from "graphql";
import { type Operation, permissionTable, requirementOf } from "../../domain/permission-table.js";
import { unauthenticated } from "../../errors/domain-error.js";
import type { ParsedOperation } from "./parsed-operation.js";
import { mergeFields, rootSelections } from "./merge-fields.js";

const TYPENAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } }],
};

/**
 * Without a credential an operation may only log in, once, and then select what the new session may read. Several
 * logins would be as many attempts at a password.
 *
 * @throws UNAUTHENTICATED
 */
export function assertLogsInOnce({ roots }: ParsedOperation): void {
  const [first, ...later] = roots.filter((name) => name !== "__typename");
  if (first !== undefined && (!isPublic(first) || later.some(isPublic))) throw unauthenticated();
}

const isPublic = (name: string): boolean =>
  Object.hasOwn(permissionTable, name) && requirementOf(name as Operation).needs === "NONE";

/**
 * Whether a conditional root field is in the response would show whether the rest of the document matches the schema.
 *
 * @throws UNAUTHENTICATED
 */
export function assertUnconditional({ operation, fragments }: ParsedOperation): void {
  const roots = rootSelections(operation.selectionSet, fragments);
  if (roots.some(({ directives = [] }) => directives.length > 0)) throw unauthenticated();
}

/**
 * Reduces an operation to what verifies its login: `login` as it is in the operation, then `logout`, so that no
 * session stays. A failing login fails as it would in the whole operation.
 *
 * @returns null without a `login`
 */
export function loginOnly({ operation, fragments }: ParsedOperation): DocumentNode | null {
  const roots = mergeFields([operation.selectionSet], fragments);
  const login = [...roots].map(({ nodes }) => nodes[0]).find(({ name }) => name.value === "login");
  if (!login) return null;
  const used = variablesOf(login);
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const selections = [{ ...login, selectionSet: TYPENAME }, logoutAfter(login)];
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
  const reduced = { ...operation, directives: [], variableDefinitions, selectionSet };
  return { kind: Kind.DOCUMENT, definitions: [reduced] };
}

const logoutAfter = ({ alias, name }: FieldNode): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: `${(alias ?? name).value}_end` },
  name: { kind: Kind.NAME, value: "logout" },
  selectionSet: TYPENAME,
});

function variablesOf({ arguments: values = [] }: FieldNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const value of values) visit(value, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
