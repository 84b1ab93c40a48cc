import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isLeafType,
  isObjectType,
} from "graphql";
import { createSchema } from "../../src/resolvers/schema.js";

const schema = createSchema();

const isRequired = ({ type, defaultValue }: GraphQLField<unknown, unknown>["args"][number]) =>
  String(type).endsWith("!") && defaultValue === undefined;

/**
 * The largest selection of a type: every field of every type below it. Where a type recurs below itself,
 * only its scalar fields are selected; `edges` contain no more than `nodes`.
 */
export const everythingOf = (typeName: string): string =>
  selectionOf(objectType(typeName), [], (values, objects) => [
    [...values, ...objects.flat()].join(" "),
  ])[0] ?? "";

/** The same in pieces: one selection per object, with the scalar fields of that object. */
export const piecesOf = (typeName: string): string[] =>
  selectionOf(objectType(typeName), [], (values, objects) => [
    ...(values.length > 0 ? [values.join(" ")] : []),
    ...objects.flat(),
  ]);

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}

/** @param combine builds selections from an object's scalar fields and the selections below it */
function selectionOf(
  type: GraphQLObjectType,
  above: readonly GraphQLObjectType[],
  combine: (values: string[], objects: string[][]) => string[],
): string[] {
  const fields = Object.values(type.getFields()).filter(
    ({ name, args }) => name !== "edges" && !args.some(isRequired),
  );
  const values = fields.filter((field) => isLeafType(getNamedType(field.type)));
  const objects = fields.flatMap((field) => {
    const below = getNamedType(field.type);
    if (!isObjectType(below) || above.includes(type)) return [];
    const selections = selectionOf(below, [...above, type], combine);
    return [selections.map((selection) => `${field.name} ${selection}`)];
  });
  const names = values.map(({ name }) => name);
  return combine(names, objects).map((selection) => `{ ${selection} }`);
}
