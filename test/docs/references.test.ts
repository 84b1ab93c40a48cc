import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readDoc, root } from "./markdown.js";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** The matches of a pattern, each with its document. */
const mentions = (pattern: RegExp): { document: string; words: string }[] =>
  documents.flatMap((document) =>
    [...readDoc(document).matchAll(pattern)].map(([, ...groups]) => ({
      document,
      words: groups.find(Boolean) ?? "",
    })),
  );

/** The anchors that GitHub generates for the headings. */
const anchorsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

const isThere = (path: string): boolean => existsSync(join(root, path));

describe("the documents", () => {
  it("links in the documents resolve", () => {
    const links = mentions(/\]\((?!https?:)([^)\s]+)\)/g);
    const dead = links.filter(({ document, words }) => {
      const [path = "", anchor] = words.split("#");
      const target = path === "" ? document : join(dirname(document), path);
      if (!isThere(target)) return true;
      return anchor !== undefined && !anchorsIn(readDoc(target)).includes(anchor);
    });
    expect(links.length).toBeGreaterThan(20);
    expect(dead).toEqual([]);
  });

  it("file names in the documents exist", () => {
    const names = mentions(/`((?:\.ci|src|test|scripts|migrations|docs)\/[\w./-]+)`/g);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(({ words }) => !isThere(words))).toEqual([]);
  });

  it("npm commands in the documents exist", () => {
    const { scripts } = JSON.parse(readDoc("package.json")) as { scripts: Record<string, string> };
    const commands = mentions(/npm (?:run ([\w:-]+)|(start|test))/g);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter(({ words }) => !Object.hasOwn(scripts, words))).toEqual([]);
  });
});
