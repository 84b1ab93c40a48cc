import { sanitize, type Paint } from "./terminal.js";

/** Null, undefined and "" are printed as "-". */
export type Cell = string | number | boolean | null | undefined;

const cellText = (cell: Cell): string => {
  if (cell === null || cell === undefined || cell === "") return "-";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return sanitize(String(cell)).replaceAll("\n", " ");
};

/** Columns as wide as their longest cell; the last column is not padded. */
export function table(
  paint: Paint,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const texts = rows.map((row) => row.map(cellText));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [paint("bold", line(heads)), ...texts.map(line)].join("\n");
}

/** One line per property. */
export function record(paint: Paint, properties: Readonly<Record<string, Cell>>): string {
  const names = Object.keys(properties);
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => `${paint("bold", name.padEnd(width))}  ${cellText(properties[name])}`)
    .join("\n");
}
