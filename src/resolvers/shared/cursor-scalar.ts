import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const MAX_CURSOR_LENGTH = 1000;

function readCursor(value: unknown): string {
  if (typeof value === "string" && value.length <= MAX_CURSOR_LENGTH) return value;
  throw new GraphQLError("A cursor is the text that came with an edge.", {
    extensions: { code: "BAD_USER_INPUT" },
  });
}

export const GraphQLCursor = new GraphQLScalarType({
  name: "Cursor",
  description: "A place in a list. Opaque: give back what came with an edge.",
  serialize: String,
  parseValue: readCursor,
  parseLiteral: (node) => readCursor(node.kind === Kind.STRING ? node.value : null),
});
