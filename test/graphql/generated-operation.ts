import * as fc from "fast-check";
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** One field of an operation before it is printed. */
export interface Selected {
  readonly parent: string;
  readonly name: string;
  readonly given: readonly {
    readonly name: string;
    readonly type: string;
    readonly value: unknown;
  }[];
  /** The type of the field, without lists. */
  readonly type: string;
  /** Of an abstract type: on several possible types, which are their parents. */
  readonly below: readonly Selected[];
  readonly condition: Condition | null;
}

/** `@skip` or `@include`. */
interface Condition {
  readonly directive: "skip" | "include";
  readonly value: boolean;
  readonly isVariable: boolean;
}

/** What operations may hold beside fields. */
export interface Features {
  /** For selections on abstract types, which have none without it. */
  readonly schema?: GraphQLSchema;
  readonly directives?: boolean;
}

const condition: fc.Arbitrary<Condition | null> = fc.option(
  fc.record({
    directive: fc.constantFrom("skip" as const, "include" as const),
    value: fc.boolean(),
    isVariable: fc.boolean(),
  }),
  { freq: 5 },
);

const MAX_DEPTH = 5;

/** Fields with another value at each read. */
const restless = new Set(["timeInStatus", "lastUsedAt"]);

const oddTexts = [
  "",
  " ",
  "0",
  "-1",
  "null",
  "\u0000",
  "é",
  "%",
  "_",
  "' OR 1=1",
  "__proto__",
  "VXNlcjox",
  "2026-02-30",
  "2026-01-01T00:00:00Z",
];
const scalars: Record<string, fc.Arbitrary<unknown>> = {
  Int: fc.constantFrom(1, 2, 3, 20, 100, 0, -1, 101, 2_147_483_647, -2_147_483_648),
  Boolean: fc.boolean(),
  DateTimeISO: fc.constantFrom(
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
  ),
};
const text = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: "grapheme", maxLength: 12 }));
const broken = fc.constantFrom<unknown>(null, [], {}, true, 1.5, "x", [[1]], { surplus: 1 });

function valueOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 20, arbitrary: rightValueOf(type) }, { weight: 1, arbitrary: broken });
}

function rightValueOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return fc.array(valueOf(nullable.ofType), { maxLength: 3 });
  }
  if (isEnumType(nullable)) {
    return fc.constantFrom(...nullable.getValues().map(({ name }) => name));
  }
  if (!isInputObjectType(nullable)) return scalars[(nullable as { name: string }).name] ?? text;
  const fields = Object.values(nullable.getFields());
  const required = fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name);
  // Deep inputs have their required fields and one more.
  const others = fields.filter(({ name }) => !required.includes(name));
  return fc
    .subarray(others, { maxLength: Math.min(2, others.length) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries(
          fields
            .filter((field) => required.includes(field.name) || chosen.includes(field))
            .map((field) => [field.name, valueOf(field.type)]),
        ),
      ),
    );
}

function fieldOf(
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  features: Features,
): fc.Arbitrary<Selected> {
  const required = field.args.filter((argument) => isNonNullType(argument.type));
  const others = field.args.filter((argument) => !required.includes(argument));
  const given = fc
    .subarray(others)
    .chain((chosen) =>
      fc.tuple(
        ...[...required, ...chosen].map(({ name, type }) =>
          valueOf(type).map((value) => ({ name, type: String(type), value })),
        ),
      ),
    );
  const type = getNamedType(field.type);
  const { schema, directives } = features;
  const types = isObjectType(type)
    ? [type]
    : isAbstractType(type)
      ? (schema?.getPossibleTypes(type) ?? [])
      : [];
  const below = fc
    .subarray([...types], {
      minLength: Math.min(1, types.length),
      maxLength: Math.min(2, types.length),
    })
    .chain((chosen) => fc.tuple(...chosen.map((one) => selectionOf(one, depth + 1, features))))
    .map((selections) => selections.flat());
  return fc.record({
    parent: fc.constant(parent.name),
    name: fc.constant(field.name),
    type: fc.constant(type.name),
    given,
    below,
    condition: directives ? condition : fc.constant(null),
  });
}

/** Some fields of a type; at the deepest level only scalars. */
function selectionOf(
  type: GraphQLObjectType,
  depth: number,
  features: Features,
): fc.Arbitrary<Selected[]> {
  const fields = Object.values(type.getFields()).filter(({ name, args }) => {
    const isPlain = !args.some((argument) => isNonNullType(argument.type));
    return isPlain && !restless.has(name);
  });
  const usable = fields.filter(
    (field) => depth < MAX_DEPTH || isLeafType(getNamedType(field.type)),
  );
  if (usable.length === 0) return fc.constant([]);
  return fc
    .subarray(usable, { minLength: 1, maxLength: Math.min(3, usable.length) })
    .chain((chosen) => fc.tuple(...chosen.map((field) => fieldOf(type, field, depth, features))));
}

/** One to three fields of a root type. */
export const operationOf = (
  root: GraphQLObjectType,
  isWanted: (name: string) => boolean,
  features: Features = {},
): fc.Arbitrary<Selected[]> => {
  const fields = Object.values(root.getFields()).filter(({ name }) => isWanted(name));
  return fc
    .subarray(fields, { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.tuple(...chosen.map((field) => fieldOf(root, field, 1, features))));
};

/** The notation of an operation. Each has the same result. */
export type Manner = "plain" | "aliased" | "inline fragments" | "named fragments";

export function write(kind: "query" | "mutation", selected: readonly Selected[], manner: Manner) {
  const variables: Record<string, unknown> = {};
  const types: string[] = [];
  const fragments: string[] = [];
  let aliases = 0;

  const variableFor = (type: string, value: unknown): string => {
    const name = `v${types.length}`;
    types.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const directiveText = ({ directive, value, isVariable }: Condition): string =>
    ` @${directive}(if: ${isVariable ? variableFor("Boolean!", value) : value})`;
  const fieldText = ({ name, given, type: ownType, below, condition: when }: Selected): string => {
    const values = given.map(
      ({ name: argument, type, value }) => `${argument}: ${variableFor(type, value)}`,
    );
    const isAliased = manner === "aliased";
    const alias = isAliased ? `r${(aliases += 1)}: ` : "";
    const args = values.length > 0 ? `(${values.join(", ")})` : "";
    return `${alias}${name}${args}${when ? directiveText(when) : ""}${setText(below, ownType)}`;
  };
  const setText = (fields: readonly Selected[], type: string): string => {
    const parents = [...new Set(fields.map(({ parent }) => parent))];
    const isAbstract = parents.some((parent) => parent !== type);
    if (!isAbstract) return partText(fields);
    const parts = parents.map((parent) => {
      return `... on ${parent}${partText(fields.filter((field) => field.parent === parent))}`;
    });
    return ` { __typename ${parts.join(" ")} }`;
  };
  const partText = (fields: readonly Selected[]): string => {
    const [first] = fields;
    if (!first) return "";
    const text = fields.map(fieldText).join(" ");
    if (manner === "inline fragments") return ` { ... on ${first.parent} { ... { ${text} } } }`;
    if (manner !== "named fragments") return ` { ${text} }`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${first.parent} { ${text} }`);
    return ` { ...${name} ...${name} }`;
  };
  const body = partText(selected);
  const head = types.length > 0 ? `(${types.join(", ")})` : "";
  return { query: `${kind} Q${head}${body} ${fragments.join(" ")}`, variables };
}
