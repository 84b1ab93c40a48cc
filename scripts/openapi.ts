import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfig } from "../src/config/schema.js";
import { dialects } from "../src/legacy-rest/index.js";
import { createOpenApi } from "../src/legacy-rest/openapi.js";
import { version } from "../src/config/version.js";

/** This file runs from dist/scripts. */
const FILE = resolve(__dirname, "..", "..", "openapi.json");

/** Without arguments writes openapi.json; with --check fails when the file differs from the code. */
function run(): void {
  const document = createOpenApi(dialects, loadConfig({}).legacy, version);
  const current = `${JSON.stringify(document, null, 2)}\n`;
  if (!process.argv.includes("--check")) {
    writeFileSync(FILE, current);
    return;
  }
  if (readFileSync(FILE, "utf8") === current) return;
  console.error("openapi.json is out of date: run `npm run openapi:emit` and commit it.");
  process.exitCode = 1;
}

run();
