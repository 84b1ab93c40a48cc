import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  getNamedType,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from "graphql";
import {
  describeRequirement,
  permissionTable,
  requirementOf,
} from "../../src/domain/permission-table.js";
import { createSchema } from "../../src/resolvers/schema.js";

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type),
);

interface Described {
  readonly name: string;
  readonly description?: string | null;
}

/** Every public part of a type, by its path. */
function partsOf(type: GraphQLNamedType): [path: string, part: Described][] {
  const parts: [string, Described][] = [[type.name, type]];
  const add = (path: string, part: Described) => parts.push([`${type.name}.${path}`, part]);
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      add(field.name, field);
      for (const argument of field.args) add(`${field.name}(${argument.name})`, argument);
    }
  } else if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) add(field.name, field);
  } else if (isEnumType(type)) {
    for (const value of type.getValues()) add(value.name, value);
  }
  return parts;
}

const parts = types.flatMap(partsOf);

it("the schema is valid and complete", () => {
  expect(validateSchema(schema)).toEqual([]);
  expect(parts.length).toBeGreaterThan(400);
});

it("every type, field and argument is described", () => {
  const silent = parts.filter(([, { description }]) => !description?.trim());
  expect(silent.map(([path]) => path)).toEqual([]);
});

it("every operation's description names the permission it needs", () => {
  for (const type of [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]) {
    for (const { name, description } of Object.values(type?.getFields() ?? {})) {
      expect(Object.keys(permissionTable)).toContain(name);
      const requirement = describeRequirement(requirementOf(name as keyof typeof permissionTable));
      expect(description?.endsWith(` ${requirement}`)).toBe(true);
    }
  }
});

it("every mutation takes one input and returns a payload, both named after it", () => {
  for (const { name, args, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const title = name.replace(/^./, (letter) => letter.toUpperCase());
    expect(String(type)).toBe(`${title}Payload!`);
    expect(args.map((argument) => `${argument.name}: ${String(argument.type)}`)).toEqual(
      name === "logout" ? [] : [`input: ${title}Input!`],
    );
  }
});

it("every connection follows the Relay specification", () => {
  const connections = types.filter(isObjectType).filter(({ name }) => name.endsWith("Connection"));
  expect(connections.length).toBeGreaterThanOrEqual(5);
  for (const connection of connections) {
    const { edges, nodes, pageInfo, totalCount } = connection.getFields();
    const edge = edges && getNamedType(edges.type);
    if (!isObjectType(edge)) throw new Error(`${connection.name} has no edges`);
    expect(`${String(pageInfo?.type)} ${String(totalCount?.type)}`).toBe("PageInfo! Int!");
    expect(String(edge.getFields().cursor?.type)).toBe("Cursor!");
    expect(`[${String(edge.getFields().node?.type)}]!`).toBe(String(nodes?.type));
  }
});

it("schema.graphql equals the schema of the code", () => {
  const file = readFileSync(join(__dirname, "..", "..", "schema.graphql"), "utf8");
  expect(file).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});
