import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  introspectionFromSchema,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { createSchema } from "../src/resolvers/schema.js";
import { deprecationFaults } from "./deprecation-rule.js";

/** This file runs from dist/scripts. */
const root = resolve(__dirname, "..", "..");

/** Without arguments writes the schema's files; with --check fails when one is not what the code says. */
function run(): void {
  const schema = lexicographicSortSchema(createSchema());
  for (const fault of deprecationFaults(schema)) {
    fail(`a deprecation that does not say what docs/graphql.md promises: ${fault}`);
  }
  const files = {
    "schema.graphql": `${printSchema(schema)}\n`,
    "introspection.json": introspectionOf(schema),
  };
  for (const [name, current] of Object.entries(files)) {
    const file = resolve(root, name);
    if (!process.argv.includes("--check")) writeFileSync(file, current);
    else if (readFileSync(file, "utf8") !== current) {
      fail(`${name} is out of date: run \`npm run schema:emit\` and commit it.`);
      if (name === "schema.graphql") sayWhatBreaks(readFileSync(file, "utf8"), schema);
    }
  }
}

function fail(words: string): void {
  console.error(words);
  process.exitCode = 1;
}

function sayWhatBreaks(committed: string, schema: GraphQLSchema): void {
  for (const { description } of findBreakingChanges(buildSchema(committed), schema)) {
    console.error(`  breaking: ${description}`);
  }
}

/** What tools are answered that ask for the schema, with a line for each type: a change is seen where it is. */
function introspectionOf(schema: GraphQLSchema): string {
  const { __schema } = introspectionFromSchema(schema, {
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
    oneOf: true,
  });
  const { types, ...rest } = __schema;
  const lines = types.map((type) => JSON.stringify(type)).join(",\n");
  return `{"__schema":{${JSON.stringify(rest).slice(1, -1)},"types":[\n${lines}\n]}}\n`;
}

run();
