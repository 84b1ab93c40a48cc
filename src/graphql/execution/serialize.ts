import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import type { SerializeLeaf } from "./plan.js";

const serializers = new WeakMap<GraphQLLeafType, SerializeLeaf>();

/** How values of a scalar or enum are written as JSON. The common cases skip the type's own `serialize`, with the same result. */
export function serializerOf(type: GraphQLLeafType): SerializeLeaf {
  const serializer = serializers.get(type) ?? createSerializer(type);
  serializers.set(type, serializer);
  return serializer;
}

function createSerializer(type: GraphQLLeafType): SerializeLeaf {
  const serialize: SerializeLeaf = (value) => {
    if (value instanceof Error) throw value;
    const serialized: unknown = type.serialize(value);
    if (serialized === null || serialized === undefined) {
      throw new Error(
        `Expected \`${type.name}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
      );
    }
    if (serialized instanceof Date && !Number.isNaN(serialized.getTime()))
      return `"${serialized.toISOString()}"`;
    // JSON has no text for a function or a symbol.
    return JSON.stringify(serialized) ?? "null";
  };
  if (isEnumType(type)) return enumSerializer(type, serialize);
  return builtIn.get(type)?.(serialize) ?? serialize;
}

const builtIn = new Map<GraphQLLeafType, (otherwise: SerializeLeaf) => SerializeLeaf>([
  [GraphQLString, textSerializer],
  [GraphQLID, textSerializer],
  [
    GraphQLInt,
    (otherwise) => (value) =>
      typeof value === "number" && (value | 0) === value ? String(value) : otherwise(value),
  ],
  [
    GraphQLBoolean,
    (otherwise) => (value) => (typeof value === "boolean" ? String(value) : otherwise(value)),
  ],
]);

/** What JSON escapes. A search for it is faster than JSON.stringify, and most texts have none of it. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

function textSerializer(otherwise: SerializeLeaf): SerializeLeaf {
  return (value) => {
    if (typeof value !== "string") return otherwise(value);
    return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  };
}

function enumSerializer(type: GraphQLEnumType, otherwise: SerializeLeaf): SerializeLeaf {
  const byValue = new Map(
    type.getValues().map(({ name, value }) => [value as unknown, JSON.stringify(name)]),
  );
  return (value) => byValue.get(value) ?? otherwise(value);
}
