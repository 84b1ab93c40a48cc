import type { GraphQLField, GraphQLSchema } from "graphql";
import type { Context } from "../context.js";

/**
 * A change that was made is not made again when GraphQL.js is asked for what a plan does not cover: it is told the outcome.
 * That stands for the one change of the operation; of several, none was made before.
 */
export function tellOutcomes(schema: GraphQLSchema): void {
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const field of Object.values(fields) as GraphQLField<unknown, Context>[]) {
    const { resolve } = field;
    if (!resolve) throw new Error(`${field.name} changes nothing`);
    field.resolve = (root, args, context, info) => {
      if (context.outcome) return context.outcome;
      context.beginChange(field.name);
      return resolve(root, args, context, info);
    };
  }
}
