import { getOperationAST, GraphQLError, parse, validate } from "graphql";
import { compile } from "../src/graphql/execution/compile.js";
import { printPlan } from "../src/graphql/execution/print-plan.js";
import { variablesReader } from "../src/graphql/execution/variables.js";
import { createSchema } from "../src/resolvers/schema.js";

/** Prints the execution plan of the operation in the first argument; the second has its variables as JSON. */
function run([query, variables = "{}"]: readonly string[]): string {
  if (query === undefined) throw new Error("usage: npm run plan -- '<operation>' ['<variables>']");
  const schema = createSchema();
  const document = parse(query);
  const [invalid] = validate(schema, document);
  if (invalid) throw invalid;
  const operation = getOperationAST(document);
  if (!operation) throw new Error("The document must have one operation");
  const given = JSON.parse(variables) as Record<string, unknown>;
  const { coerced, errors } = variablesReader(schema, operation)(given);
  if (!coerced) throw errors?.[0] ?? new GraphQLError("The variables are invalid");
  return printPlan(compile({ schema, arePropertiesPlain: true }, document, operation, coerced));
}

try {
  console.log(run(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
