// Counts the private words of CONTRIBUTING.md ("How we write") in comments, texts, test names and documents.
// Usage: node scripts/private-words.mjs [--json] [path …]; without a path it reads the whole checkout.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const PRIVATE_WORD =
  /\b(?:who|whoever|whom|nobody|somebody|everybody|anybody|told|tell|tells|telling)\b/gi;
const WORD = /\p{L}[\p{L}\p{N}'’]*/gu;
const SKIPPED = ["node_modules", "dist", "coverage", ".git", ".data"];
const READ = /(?:\.ts|\.mjs|\.cjs|\.md|\bschema\.graphql|\bopenapi\.json)$/;

/** Code and link targets are quotations. Blanks replace them, so that offsets and line numbers stay. */
const CODE = /^ *```.*?^ *```$|`(?:(?!\n\n)[^`])+`|\]\([^)]*\)/gms;
const withoutCode = (text) => text.replace(CODE, (code) => code.replace(/[^\n]/g, " "));

/** Recognises strings that hold SQL or GraphQL. */
const STATEMENT = /[{}=]|\b(?:SELECT|FROM|WHERE|AND|ON|ORDER|NULL|VALUES)\b/;

function filesIn(path) {
  if (READ.test(path)) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).filter(
    (entry) => READ.test(entry.name) || (entry.isDirectory() && !SKIPPED.includes(entry.name)),
  );
  return entries.flatMap(({ name }) => filesIn(join(path, name)));
}

const isString = (node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

const stringsIn = (node) =>
  isString(node) ? [node] : node.getChildren().flatMap((child) => stringsIn(child));

const isTestFunction = (callee) =>
  /^(?:describe|it|test)(?:\.(?:only|each\b.+))?$/s.test(callee.getText());

/** The title of a test, and the first cells of the table of an `each`, which become part of it. */
function titlesOf({ expression: callee, arguments: [title] }) {
  const table = callee.arguments?.[0];
  const rows = table && ts.isArrayLiteralExpression(table) ? table.elements : [];
  const cells = rows.map((row) => (ts.isArrayLiteralExpression(row) ? row.elements[0] : row));
  return [title, ...cells]
    .filter((node) => node && /^["'`]/.test(node.getText()))
    .flatMap((node) => stringsIn(node));
}

function* passagesOfCode(path, text) {
  const [folder] = path.split("/");
  const hasTexts = folder === "src" && !path.startsWith("src/legacy-rest/");
  const comments = `comments in ${folder === "src" || folder === "test" ? folder : "other folders"}`;
  const pending = [ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (ts.isJSDoc(node)) continue; // also a comment before a token
    const children = node.getChildren();
    pending.push(...children);
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      for (const title of titlesOf(node)) {
        yield { group: "test names", start: title.getStart() + 1, end: title.end - 1 };
      }
    }
    if (hasTexts && isString(node) && / /.test(node.text) && !STATEMENT.test(node.text)) {
      yield { group: "texts in src", start: node.getStart() + 1, end: node.end - 1 };
    }
    if (children.length > 0) continue;
    const leading = ts.getLeadingCommentRanges(text, node.pos) ?? [];
    const trailing = ts.getTrailingCommentRanges(text, node.pos) ?? [];
    for (const { pos, end } of [...leading, ...trailing]) {
      yield { group: comments, start: pos, end };
    }
  }
}

const matches = (group, text, pattern) =>
  [...text.matchAll(pattern)].map(({ index: start, 0: match }) => ({
    group,
    start,
    end: start + match.length,
  }));

function passagesOf(path, text) {
  if (path.endsWith(".md")) return [{ group: "documents", start: 0, end: text.length }];
  if (path.endsWith(".graphql")) return matches("schema.graphql", text, /"""[^]*?"""/g);
  if (path.endsWith(".json")) {
    return matches("openapi.json", text, /(?<="(?:description|summary)": )".*"/g);
  }
  return [...passagesOfCode(path, text)];
}

const groups = {};

function addFile(path) {
  const text = readFileSync(path, "utf8");
  // By start, because an empty node repeats the comments of the token after it.
  const passages = new Map(passagesOf(path, text).map((passage) => [passage.start, passage]));
  const inOrder = [...passages.values()].sort((one, other) => one.start - other.start);
  for (const { group: name, start, end } of inOrder) {
    const group = (groups[name] ??= { words: 0, hits: [], worst: {} });
    const prose = withoutCode(text.slice(start, end));
    group.words += prose.match(WORD)?.length ?? 0;
    for (const { index } of prose.matchAll(PRIVATE_WORD)) {
      const line = text.slice(0, start + index).split("\n").length;
      group.hits.push(`${path}:${line}: ${text.split("\n")[line - 1].trim()}`);
      group.worst[path] = (group.worst[path] ?? 0) + 1;
    }
  }
}

const parameters = process.argv.slice(2);
const paths = parameters.filter((parameter) => parameter !== "--json");
for (const path of paths.length > 0 ? paths : ["."]) {
  filesIn(relative("", path) || ".").forEach(addFile);
}

if (parameters.includes("--json")) {
  console.log(JSON.stringify(groups));
} else {
  for (const { hits } of Object.values(groups)) hits.forEach((hit) => console.log(hit));
  for (const [name, { words, hits, worst }] of Object.entries(groups)) {
    const rate = ((1000 * hits.length) / words).toFixed(1);
    console.log(`\n${name}: ${rate} per 1,000 words (${hits.length} of ${words})`);
    const files = Object.entries(worst).sort(([, one], [, other]) => other - one);
    for (const [path, count] of files.slice(0, 5)) console.log(`  ${count}  ${path}`);
  }
}
