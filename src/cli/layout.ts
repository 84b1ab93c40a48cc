import { harmless, type Paint } from "./terminal.js";

/** Absent for what there is nothing to say of. */
export type Cell = string | number | boolean | null | undefined;

const wordOf = (cell: Cell): string => {
  if (cell === null || cell === undefined || cell === "") return "-";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return harmless(String(cell)).replaceAll("\n", " ");
};

/** Columns as wide as they need to be; the last may be as long as it likes. */
export function table(
  paint: Paint,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const words = rows.map((row) => row.map(wordOf));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...words.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [paint("bold", line(heads)), ...words.map(line)].join("\n");
}

/** One thing, a line for each of its properties. */
export function record(paint: Paint, properties: Readonly<Record<string, Cell>>): string {
  const names = Object.keys(properties);
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => `${paint("bold", name.padEnd(width))}  ${wordOf(properties[name])}`)
    .join("\n");
}
