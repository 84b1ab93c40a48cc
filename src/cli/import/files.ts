import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type CsvError, parse } from "csv-parse";
import { livechatRoles, userKinds } from "../../domain/vocabulary.js";
import { exitCodes } from "../exit-codes.js";
import { CliError, usageError } from "../faults.js";
import { said, type Source, type SourceRow, textOf } from "./source.js";
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

const [yes, no] = [
  ["TRUE", "YES", "1"],
  ["FALSE", "NO", "0"],
];

/** What a column of a CSV file, or a property of a JSON object, can be called. */
export const fileFields = [
  ...textFields,
  ...["kind", "active", "roles", ...Object.keys(idColumns), "jtelUid"],
] as const;

/** @throws CliError for a file that cannot be read */
export async function readFile(path: string): Promise<Source> {
  await access(path).catch((error: Error) => {
    throw usageError(`The file cannot be read: ${error.message}`);
  });
  const [, ending = ""] = /\.(\w+)$/.exec(path.toLowerCase()) ?? [];
  const rows = { csv: csvRows, json: jsonRows, jsonl: jsonLines }[ending];
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
      yield { place, row: fromFile(record, faultAt(path, place)) };
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unreadable(path, (error as CsvError).message);
  }
}

async function* jsonRows(path: string): AsyncGenerator<SourceRow> {
  const broken = { broken: (error: unknown) => unreadable(path, (error as Error).message) };
  let count = 0;
  for await (const wire of objectsIn(broken, createReadStream(path), "$.*")) {
    count += 1;
    const place = `row ${count}`;
    yield { place, row: fromFile(assertObject(wire, path, place), faultAt(path, place)) };
  }
}

async function* jsonLines(path: string): AsyncGenerator<SourceRow> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    count += 1;
    if (line.trim() === "") continue;
    const place = `line ${count}`;
    const wire = assertObject(parseLine(line, path, place), path, place);
    yield { place, row: fromFile(wire, faultAt(path, place)) };
  }
}

function parseLine(line: string, path: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(path, `${place} is no JSON`);
  }
}

function assertObject(value: unknown, path: string, place: string): Wire {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(path, `${place} is no object`);
  }
  for (const name of Object.keys(value)) assertField(name, path);
  return value as Wire;
}

/** A column that nobody reads would be a loss that nobody sees. */
function assertField(name: string, path: string): string {
  if (fileFields.includes(name)) return name;
  throw unreadable(path, `there is no field "${name}": there are ${fileFields.join(", ")}`);
}

const faultAt = (path: string, place: string) => (words: string) =>
  unreadable(path, `${place}: ${words}`);

const unreadable = (path: string, words: string): CliError =>
  new CliError("BAD_FILE", `${path}: ${words}`, exitCodes.usage);

/** @throws CliError for a value that the field cannot have at all; all else is the row's own fault, which it is told */
function fromFile(wire: Wire, fault: (words: string) => CliError): Record<string, unknown> {
  const textIn = (name: string): string | undefined => {
    const value = wire[name];
    if (value === undefined || value === null) return undefined;
    const text = textOf(value);
    if (text === undefined) throw fault(`${name} must be a text`);
    return text;
  };
  const wordIn = (name: string, text: string, words: readonly string[]): string => {
    const word = text.toUpperCase();
    if (words.includes(word)) return word;
    throw fault(`${name} must be ${words.join(" or ")}, not "${text}"`);
  };
  const externalIds = Object.entries(idColumns).flatMap(([column, system]) => {
    const id = textIn(column);
    return id ? [{ system, id, ...(system === "JTEL" && said({ uid: textIn("jtelUid") })) }] : [];
  });
  const kind = textIn("kind");
  const { active, roles = [] } = wire;
  const flag = typeof active === "boolean" ? String(active) : textIn("active");
  const named = Array.isArray(roles) ? roles.map(String) : (textIn("roles") ?? "").split(/[\s,;]+/);
  return said({
    ...Object.fromEntries(textFields.map((name) => [name, textIn(name)])),
    kind: kind ? wordIn("kind", kind, userKinds) : undefined,
    active: flag ? yes.includes(wordIn("active", flag, [...yes, ...no])) : undefined,
    roles: named.filter(Boolean).map((role) => wordIn("roles", role, livechatRoles)),
    externalIds,
  });
}
