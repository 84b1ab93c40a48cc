// npm run test:mutation:sql: changes one word of the SQL in src/services/**/*-sql.ts at a time, runs the tests that compare
// this SQL with the rules of src/domain, and lists the changes that no test notices. Arguments select files by a part of
// their path. The files are restored; after a crash, use git.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const SERVICES = join(root, "src", "services");
const TESTS = ["test/rules/rules-in-sql.test.ts", "test/rules/credentials-in-sql.test.ts"];

const MUTATIONS = [
  [/<=/g, "<"],
  [/ < /g, " <= "],
  [/(?<![-=>])>(?![=>])/g, ">="],
  [/\bAND\b/g, "OR"],
  [/\bOR\b/g, "AND"],
  [/\bDESC\b/g, "ASC"],
  [/\bIS NULL\b/g, "IS NOT NULL"],
  [/\bIS NOT TRUE\b/g, "IS TRUE"],
  [/'HELD'/g, "'RELEASED'"],
  [/'ACCEPTED'/g, "'RELEASED'"],
  [/'AVAILABLE'/g, "'AWAY'"],
  [/'LOCK'/g, "'MANUAL'"],
  [/\bgreatest\(/g, "least("],
  [/\bleast\(/g, "greatest("],
  [/\bmax\(/g, "min("],
  [/\blead\(/g, "lag("],
  [/\bUNION\b/g, "EXCEPT"],
  [/ - /g, " + "],
];

const isSql = (line) => !/^\s*(\/\/|\/?\*|import\b)/.test(line);

/** The file with one word changed, for each word that can be. */
function* mutantsOf(text) {
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    if (!isSql(line)) continue;
    for (const [pattern, replacement] of MUTATIONS) {
      for (const { 0: word, index } of line.matchAll(pattern)) {
        const mutated = line.slice(0, index) + replacement + line.slice(index + word.length);
        yield { line: i + 1, mutated, text: lines.with(i, mutated).join("\n") };
      }
    }
  }
}

function passes() {
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "jest", "bin", "jest.js"), ...TESTS],
    {
      cwd: root,
      stdio: "ignore",
      // Without a search for a small counterexample.
      env: { ...process.env, MUTANT: "1" },
    },
  );
  return status === 0;
}

const files = readdirSync(SERVICES, { recursive: true })
  .filter((path) => path.endsWith("-sql.ts"))
  .filter((path) => process.argv.slice(2).every((part) => path.includes(part)));

if (!passes()) throw new Error("The tests fail without a mutation");
let [killed, survived] = [0, 0];
for (const file of files) {
  const path = join(SERVICES, file);
  const original = readFileSync(path, "utf8");
  try {
    for (const { line, mutated, text } of mutantsOf(original)) {
      writeFileSync(path, text);
      if (passes()) {
        survived += 1;
        console.log(`survived: src/services/${file}:${line}: ${mutated.trim()}`);
      } else {
        killed += 1;
      }
    }
  } finally {
    writeFileSync(path, original);
  }
}
console.log(`${killed} of ${killed + survived} mutants killed`);
process.exitCode = survived > 0 ? 1 : 0;
