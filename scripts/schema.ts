import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildSchema, findBreakingChanges, lexicographicSortSchema, printSchema } from "graphql";
import { createSchema } from "../src/schema.js";

/** This file runs from dist/scripts. */
const FILE = resolve(__dirname, "..", "..", "schema.graphql");

/** Without arguments writes schema.graphql; with --check fails when it is not what the code says. */
function run(): void {
  const schema = lexicographicSortSchema(createSchema());
  const current = `${printSchema(schema)}\n`;
  if (!process.argv.includes("--check")) {
    writeFileSync(FILE, current);
    return;
  }
  const committed = readFileSync(FILE, "utf8");
  if (committed === current) return;
  console.error("schema.graphql is out of date: run `npm run schema:emit` and commit it.");
  for (const { description } of findBreakingChanges(buildSchema(committed), schema)) {
    console.error(`  breaking: ${description}`);
  }
  process.exitCode = 1;
}

run();
