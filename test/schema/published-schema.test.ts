import {
  buildClientSchema,
  buildSchema,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { deprecationFaults } from "../../scripts/deprecation-rule.js";
import { readDoc } from "../docs/markdown.js";

it("introspection.json equals schema.graphql", () => {
  const introspection = JSON.parse(readDoc("introspection.json")) as IntrospectionQuery;
  const schema = lexicographicSortSchema(buildClientSchema(introspection));
  expect(`${printSchema(schema)}\n`).toBe(readDoc("schema.graphql"));
});

describe("a deprecation", () => {
  const [, example = ""] = /^```text\n(Use .+)\n```$/m.exec(readDoc("docs/graphql.md")) ?? [];
  const faultsOf = (reason: string) =>
    deprecationFaults(
      buildSchema(`
        type Query { field(old: Int @deprecated(reason: ${JSON.stringify(reason)})): Kind new: Kind }
        enum Kind { OLD @deprecated(reason: ${JSON.stringify(reason)}) NEW }
        input Input { new: Int old: Int @deprecated(reason: ${JSON.stringify(reason)}) }
        interface Node { old: Int @deprecated(reason: ${JSON.stringify(reason)}) }`),
    );

  it("a deprecation in the documented form is accepted", () => {
    expect(example).toContain("Stays until");
    expect(faultsOf(example)).toEqual([]);
  });

  it.each([
    "",
    "No longer supported",
    "Use another. Stays until next year.",
    "Use another. Stays until 2027-02-30.",
    "Stays until 2027-06-30.",
    "Use another. Stays until 2027-06-30",
  ])("a deprecation that says only %j is refused", (reason) => {
    expect(faultsOf(reason).map((fault) => fault.split(": ")[0])).toEqual([
      "Query.field(old:)",
      "Kind.OLD",
      "Input.old",
      "Node.old",
    ]);
  });
});
