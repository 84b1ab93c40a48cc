import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "..", "..");

export const readDoc = (path: string): string => readFileSync(join(root, path), "utf8");

export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks, in order. */
export const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));

/** The text under a heading, up to the next one of the same or a higher level. */
export function sectionOf(markdown: string, heading: string): string {
  const [, hashes = ""] = new RegExp(`^(#+) ${heading}$`, "m").exec(markdown) ?? [];
  const [, section] = markdown.split(new RegExp(`^${hashes} ${heading}$`, "m"));
  if (hashes === "" || section === undefined) throw new Error(`there is no heading "${heading}"`);
  return section.split(new RegExp(`^#{1,${hashes.length}} `, "m"))[0] ?? "";
}

/** The rows of the first table, without its head and without backticks. */
export function tableIn(markdown: string): string[][] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => /^\|[ -|]*-[ -|]*$/.test(line)) + 1;
  if (start === 0) throw new Error("there is no table");
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return lines.slice(start, length === -1 ? undefined : start + length).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("`", "").replaceAll("\\|", "|")),
  );
}

/** A pattern for a text of a document. An ellipsis matches anything. */
export function patternOf(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`, "s");
}

/** A matcher for printed JSON. An ellipsis matches anything. */
export const answerLike = (printed: string): unknown =>
  JSON.parse(printed, (_key, value: unknown): unknown =>
    typeof value === "string" && value.includes("…")
      ? expect.stringMatching(patternOf(value))
      : value,
  );
