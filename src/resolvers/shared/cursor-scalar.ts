import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const MAX_CURSOR_LENGTH = 1000;

function parseCursor(value: unknown): string {
  if (typeof value === "string" && value.length <= MAX_CURSOR_LENGTH) return value;
  throw new GraphQLError("A cursor must be the text returned with an edge.", {
    extensions: { code: "BAD_USER_INPUT" },
  });
}

export const GraphQLCursor = new GraphQLScalarType({
  name: "Cursor",
  description: "A position in a list. Opaque: pass the value returned with an edge.",
  serialize: String,
  parseValue: parseCursor,
  parseLiteral: (node) => parseCursor(node.kind === Kind.STRING ? node.value : null),
});
