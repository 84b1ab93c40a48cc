import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../docs/markdown.js";

/** Private words per 1,000 words. */
const limits: Record<string, number> = {
  "comments in src": 2,
  "comments in test": 2,
  "comments in other folders": 2,
  "test names": 2,
  "texts in src": 2,
  "schema.graphql": 2,
  "openapi.json": 2,
  documents: 2,
};

interface Group {
  readonly words: number;
  readonly hits: readonly string[];
  readonly worst: Readonly<Record<string, number>>;
}

const groupsIn = (directory: string): Record<string, Group> => {
  const script = [join(root, "scripts", "private-words.mjs"), "--json"];
  const options = { cwd: directory, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  return JSON.parse(execFileSync(process.execPath, script, options)) as Record<string, Group>;
};

describe("private words", () => {
  const groups = groupsIn(root);

  it("every counted group has a limit, and every limit has a group", () => {
    expect(Object.keys(groups).sort()).toEqual(Object.keys(limits).sort());
  });

  it.each(Object.entries(limits))("%s: at most %d of 1,000 words are private", (name, limit) => {
    const { words, hits, worst } = groups[name] ?? { words: 0, hits: [], worst: {} };
    const rate = (1000 * hits.length) / words;
    if (rate <= limit) return;
    const files = Object.entries(worst).sort(([, one], [, other]) => other - one);
    const worstFiles = files.slice(0, 5).map(([path, count]) => `${path} (${count})`);
    throw new Error(`${rate.toFixed(1)}, most in ${worstFiles.join(", ")}:\n${hits.join("\n")}`);
  });

  it("the count covers comments, titles and prose, but neither statements nor quoted code", () => {
    const directory = mkdtempSync(join(tmpdir(), "rollcall-words-"));
    const files = {
      "src/a.ts": 'f(1 /* who */, `whom of ${nobody} tell`, "SELECT who FROM b"); // told, `tell`',
      "test/a.test.ts": 'it.each([["who asks", "who"]])("%s tells", () => f("nobody"));',
      "docs/a.md": "Somebody, `nobody`\n\n```sh\nwho\n```\n[all](who.md)",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const counts = Object.entries(groupsIn(directory)).map(
      ([name, { words, hits }]) => `${name}: ${hits.length} of ${words}`,
    );
    rmSync(directory, { recursive: true });
    expect(counts.sort()).toEqual([
      "comments in src: 2 of 2",
      "documents: 1 of 2",
      "test names: 2 of 4",
      "texts in src: 2 of 3",
    ]);
  });
});
