import * as fc from "fast-check";
import {
  type GraphQLInputType,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { variablesReader } from "../../src/graphql/execution/variables.js";
import { createSchema } from "../../src/resolvers/schema.js";

const schema = createSchema();
const inputTypes = Object.values(schema.getTypeMap()).filter((type) => isInputType(type));

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.double(),
  fc.constantFrom("2026-01-02T03:04:05Z", "VXNlcjox", "1", 2 ** 40),
);

/** Mostly valid values of the type, and sometimes any value. */
function given(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  const right = rightFor(type, depth);
  const more = right.map((value) => ({ ...(value as object), unknown: 1 }));
  const wrong = fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 2 }), more);
  return fc.oneof({ weight: 20, arbitrary: right }, { weight: 2, arbitrary: wrong });
}

function rightFor(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return rightFor(type.ofType, depth);
  if (isListType(type)) {
    const item = given(type.ofType, depth);
    return fc.oneof(fc.array(item, { maxLength: 3 }), item);
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (!isInputObjectType(type)) return scalar;
  if (depth > 2) return fc.constant({});
  const fields = Object.values(type.getFields());
  return fc.record(
    Object.fromEntries(fields.map((field) => [field.name, given(field.type, depth + 1)])),
    { requiredKeys: fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name) },
  );
}

function operationOf(variables: string): OperationDefinitionNode {
  const [definition] = parse(`query (${variables}) { __typename }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation");
  return definition;
}

it.each(inputTypes.map((type) => [type.name, type as GraphQLInputType] as const))(
  "a variable given as %s is coerced as by GraphQL.js",
  (name, type) => {
    const operation = operationOf(`$one: ${name}, $needed: ${name}!, $list: [${name}!]`);
    const read = variablesReader(schema, operation);
    const one = given(type);
    const list = fc.array(one, { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.record({ one, needed: one, list, more: one }, { requiredKeys: ["needed"] }),
        (values) => {
          const { coerced = null } = getVariableValues(
            schema,
            operation.variableDefinitions ?? [],
            values,
          );
          expect(read(values).coerced ?? null).toStrictEqual(coerced);
        },
      ),
      { numRuns: 25 },
    );
  },
);

it.each([
  ["a default", "$first: Int = 20", {}],
  ["null instead of a default", "$first: Int = 20", { first: null }],
  ["null for a non-null type", "$first: Int!", { first: null }],
  ["no value for a non-null type", "$first: Int!", {}],
  ["an output type", "$user: User", { user: {} }],
  ["one value for a list", "$ids: [ID!]!", { ids: "1" }],
  ["lists of lists", "$ids: [[ID!]]!", { ids: [["1", 2], null] }],
  ["a name that objects have", "$__proto__: ID", JSON.parse(`{"__proto__":"1"}`) as object],
  ["another name that objects have", "$constructor: ID", {}],
])("variable %s is coerced as by GraphQL.js", (_what, variables, values) => {
  const operation = operationOf(variables);
  const { coerced = null } = getVariableValues(schema, operation.variableDefinitions ?? [], {
    ...values,
  });
  const read = variablesReader(schema, operation);
  expect(read({ ...values }).coerced ?? null).toStrictEqual(coerced);
});
