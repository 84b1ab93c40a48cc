export const paragraph = (text: string): string => `${text}\n`;

/** The first column is text, the others are figures. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, i) => (i === 0 ? "---" : "--:"));
  return `${[columns, rule, ...rows].map(line).join("\n")}\n`;
}
