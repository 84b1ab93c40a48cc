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

/** Without arguments writes the schema's files; with --check fails when a file differs from the code. */
function run(): void {
  const schema = lexicographicSortSchema(createSchema());
  for (const deprecation of deprecationFaults(schema)) {
    fail(`deprecation without the format of docs/graphql.md: ${deprecation}`);
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
      if (name === "schema.graphql") printBreakingChanges(readFileSync(file, "utf8"), schema);
    }
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function printBreakingChanges(committed: string, schema: GraphQLSchema): void {
  for (const { description } of findBreakingChanges(buildSchema(committed), schema)) {
    console.error(`  breaking: ${description}`);
  }
}

/** The response to an introspection query, with one line per type, so that a diff shows the changed type. */
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
