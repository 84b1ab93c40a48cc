import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLString,
  isEnumType,
  isListType,
  isNonNullType,
} from "graphql";
import { NotCoveredError } from "./plan.js";

type ToJson = (value: unknown) => string;

/** How values of a type without fields are written, null and lists included. */
export function leafJson(type: GraphQLOutputType): ToJson {
  if (!isNonNullType(type)) {
    const toJson = presentJson(type);
    return (value) => (value === null || value === undefined ? "null" : toJson(value));
  }
  const toJson = presentJson(type.ofType as GraphQLOutputType);
  return (value) => {
    if (value === null || value === undefined) throw new NotCoveredError("null where none may be");
    return toJson(value);
  };
}

function presentJson(type: GraphQLOutputType): ToJson {
  if (isListType(type)) {
    const itemJson = leafJson(type.ofType as GraphQLOutputType);
    return (value) => {
      if (!Array.isArray(value)) throw new NotCoveredError("no list");
      return `[${value.map(itemJson).join()}]`;
    };
  }
  if (isEnumType(type)) return enumJson(type);
  const leaf = type as GraphQLLeafType;
  const serialized: ToJson = (value) => {
    if (value instanceof Error) throw value;
    const json = JSON.stringify(leaf.serialize(value)) as string | undefined;
    if (json === undefined) throw new NotCoveredError("not serializable");
    return json;
  };
  const quick = quickJson.get(leaf.name);
  return quick && quick.type === leaf ? quick.toJson(serialized) : serialized;
}

/** For what is of the right kind already, which is nearly all; the rest is serialized as the type says. */
const quickJson = new Map(
  [
    { type: GraphQLString, toJson: textJson },
    { type: GraphQLID, toJson: textJson },
    {
      type: GraphQLInt,
      toJson: (otherwise: ToJson) => (value: unknown) =>
        typeof value === "number" && (value | 0) === value ? String(value) : otherwise(value),
    },
    {
      type: GraphQLBoolean,
      toJson: (otherwise: ToJson) => (value: unknown) =>
        typeof value === "boolean" ? String(value) : otherwise(value),
    },
  ].map((quick) => [quick.type.name, quick]),
);

/** What JSON does not hold as it is. Most texts have none of it, and are looked through faster than they are rewritten. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

function textJson(otherwise: ToJson): ToJson {
  return (value) => {
    if (typeof value !== "string") return otherwise(value);
    return SPECIAL.test(value) ? JSON.stringify(value) : `"${value}"`;
  };
}

function enumJson(type: GraphQLEnumType): ToJson {
  const byValue = new Map(
    type.getValues().map(({ name, value }) => [value as unknown, JSON.stringify(name)]),
  );
  return (value) => {
    const json = byValue.get(value);
    if (json === undefined) throw new NotCoveredError(`no value of ${type.name}`);
    return json;
  };
}
