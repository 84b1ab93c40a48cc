import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { codegen } from "@graphql-codegen/core";
import { preset } from "@graphql-codegen/client-preset";
import { buildASTSchema, parse, printSchema, validate } from "graphql";
import codegenConfig from "../examples/presence-client/codegen.js";
import { createSchema } from "../src/resolvers/schema.js";

/** This file runs from dist/scripts. */
const root = resolve(__dirname, "..", "..");

/** Folders with an operations.graphql, and a graphql.ts with its types. */
const clients = ["browser/board", "examples/presence-client"];

/**
 * Without arguments writes the types of the clients' operations; with --check fails when a file differs from
 * the schema.
 */
async function run(): Promise<void> {
  for (const client of clients) {
    const file = join(root, client, "graphql.ts");
    const current = await generate(readFileSync(join(root, client, "operations.graphql"), "utf8"));
    if (!process.argv.includes("--check")) {
      writeFileSync(file, current);
    } else if (readFileSync(file, "utf8") !== current) {
      console.error(
        `${client}/graphql.ts is out of date: run \`npm run operations:emit\` and commit it.`,
      );
      process.exitCode = 1;
    }
  }
}

/**
 * The output of graphql-codegen's client preset, with the configuration of the example. Without its command,
 * which depends on two hundred packages.
 *
 * @throws GraphQLError when the operations do not match the schema
 */
async function generate(operations: string): Promise<string> {
  const schema = parse(printSchema(createSchema()));
  const schemaAst = buildASTSchema(schema);
  const document = parse(operations);
  const [error] = validate(schemaAst, document);
  if (error) throw error;
  const { config, presetConfig } = codegenConfig.generates["./"];
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: "./",
    schema,
    schemaAst,
    documents: [{ location: "operations.graphql", rawSDL: operations, document }],
    plugins: [],
    pluginMap: {},
    config,
    presetConfig,
    documentTransforms: [],
  });
  // The other files are for documents inside code.
  const types = sections.find(({ filename }) => filename.endsWith("graphql.ts"));
  if (!types) throw new Error("graphql-codegen generated no types");
  return codegen(types);
}

void run();
