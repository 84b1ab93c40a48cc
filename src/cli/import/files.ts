import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type CsvError, parse } from "csv-parse";
import { livechatRoles, userKinds } from "../../domain/vocabulary.js";
import { exitCodes } from "../exit-codes.js";
import { CliError, usageError } from "../errors.js";
import { withoutEmpty, type Source, type SourceRow, textOf } from "./source.js";
import { objectsIn } from "./systems.js";

type Wire = Readonly<Record<string, unknown>>;

const idColumns = {
  clientexecId: "CLIENTEXEC",
  rocketChatId: "ROCKET_CHAT",
  jtelId: "JTEL",
  omnideskId: "OMNIDESK",
} as const;

const textFields = [
  "username",
  "firstname",
  "lastname",
  "email",
  "telephone",
  "language",
  "dateFormat",
];

const [trueWords, falseWords] = [
  ["TRUE", "YES", "1"],
  ["FALSE", "NO", "0"],
];

/** The columns of a CSV file, or the properties of a JSON object. */
export const fileFields = [
  ...textFields,
  ...["kind", "active", "roles", ...Object.keys(idColumns), "jtelUid"],
] as const;

/**
 * Reads a file lazily.
 *
 * @throws CliError for a file that cannot be read
 */
export async function readFile(path: string): Promise<Source> {
  await access(path).catch((error: Error) => {
    throw usageError(`The file cannot be read: ${error.message}`);
  });
  const [, extension = ""] = /\.(\w+)$/.exec(path.toLowerCase()) ?? [];
  const rows = { csv: csvRows, json: jsonRows, jsonl: jsonLines }[extension];
  if (rows === undefined) throw usageError(`${path} must end in .csv, .json or .jsonl`);
  return { rows: rows(path), total: () => undefined };
}

async function* csvRows(path: string): AsyncGenerator<SourceRow> {
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      columns: (names: string[]) => names.map((name) => assertField(name.trim(), path)),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Wire;
      info: { lines: number };
    }>) {
      const place = `line ${info.lines}`;
      yield { place, row: fromFile(record, errorAt(path, place)) };
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unreadable(path, (error as CsvError).message);
  }
}

async function* jsonRows(path: string): AsyncGenerator<SourceRow> {
  const broken = { streamError: (error: unknown) => unreadable(path, (error as Error).message) };
  let count = 0;
  for await (const wire of objectsIn(broken, createReadStream(path), "$.*")) {
    count += 1;
    const place = `row ${count}`;
    yield { place, row: fromFile(assertObject(wire, path, place), errorAt(path, place)) };
  }
}

async function* jsonLines(path: string): AsyncGenerator<SourceRow> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    count += 1;
    if (line.trim() === "") continue;
    const place = `line ${count}`;
    const wire = assertObject(parseLine(line, path, place), path, place);
    yield { place, row: fromFile(wire, errorAt(path, place)) };
  }
}

function parseLine(line: string, path: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(path, `${place} is not valid JSON`);
  }
}

function assertObject(value: unknown, path: string, place: string): Wire {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(path, `${place} is not an object`);
  }
  for (const name of Object.keys(value)) assertField(name, path);
  return value as Wire;
}

/** An unknown column is an error, so that no data is lost unnoticed. */
function assertField(name: string, path: string): string {
  if (fileFields.includes(name)) return name;
  throw unreadable(path, `unknown field "${name}": the fields are ${fileFields.join(", ")}`);
}

const errorAt = (path: string, place: string) => (message: string) =>
  unreadable(path, `${place}: ${message}`);

const unreadable = (path: string, message: string): CliError =>
  new CliError("BAD_FILE", `${path}: ${message}`, exitCodes.usage);

/** @throws CliError for a value of the wrong type; other invalid values are refused per row by the gateway */
function fromFile(wire: Wire, errorWith: (message: string) => CliError): Record<string, unknown> {
  const readText = (name: string): string | undefined => {
    const value = wire[name];
    if (value === undefined || value === null) return undefined;
    const text = textOf(value);
    if (text === undefined) throw errorWith(`${name} must be text`);
    return text;
  };
  const parseWord = (name: string, text: string, allowed: readonly string[]): string => {
    const word = text.toUpperCase();
    if (allowed.includes(word)) return word;
    throw errorWith(`${name} must be ${allowed.join(" or ")}, not "${text}"`);
  };
  const externalIds = Object.entries(idColumns).flatMap(([column, system]) => {
    const id = readText(column);
    return id
      ? [{ system, id, ...(system === "JTEL" && withoutEmpty({ uid: readText("jtelUid") })) }]
      : [];
  });
  const kind = readText("kind");
  const { active, roles = [] } = wire;
  const flag = typeof active === "boolean" ? String(active) : readText("active");
  const roleNames = Array.isArray(roles)
    ? roles.map(String)
    : (readText("roles") ?? "").split(/[\s,;]+/);
  return withoutEmpty({
    ...Object.fromEntries(textFields.map((name) => [name, readText(name)])),
    kind: kind ? parseWord("kind", kind, userKinds) : undefined,
    active: flag
      ? trueWords.includes(parseWord("active", flag, [...trueWords, ...falseWords]))
      : undefined,
    roles: roleNames.filter(Boolean).map((role) => parseWord("roles", role, livechatRoles)),
    externalIds,
  });
}
