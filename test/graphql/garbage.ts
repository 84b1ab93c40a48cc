import {
  getNullableType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
} from "graphql";
import type { Arguments, ExampleName } from "../support/operations.js";
import { operationOf } from "./scene.js";

/** Values that GraphQL accepts and every rule of ours refuses. */
const scalars: Readonly<Record<string, unknown>> = {
  Boolean: true,
  DateTime: "0001-01-01T00:00:00Z",
  Int: -2_147_483_648,
  JSONObject: {},
};

function garbageOf(given: GraphQLInputType): unknown {
  const type = getNullableType(given);
  if (isListType(type)) return [garbageOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return scalars[type.name] ?? "\u0000";
  const fields = Object.values(type.getFields());
  return Object.fromEntries(fields.map((field) => [field.name, garbageOf(field.type)]));
}

/** Every argument of an operation, with senseless values. */
export const garbageFor = (name: ExampleName): Arguments =>
  Object.fromEntries(operationOf(name).field.args.map((arg) => [arg.name, garbageOf(arg.type)]));
