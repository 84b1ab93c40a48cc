/** A user as an input of `importUsers`, with its position in the source. */
export interface SourceRow {
  /** For messages: a line of a file, or an id of the legacy system. */
  readonly place: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Users to import. Rows are read as fast as they are imported, never all at once. */
export interface Source {
  readonly rows: AsyncIterable<SourceRow>;
  /** The number of rows; undefined until it is known. */
  readonly total: () => number | undefined;
}

/** Removes empty properties: legacy systems write "" for a missing value. */
export const withoutEmpty = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([, value]) => value !== undefined && value !== null && value !== "",
    ),
  );

/** Splits the single name of a legacy system: its first word, and the rest. */
export function namesIn(name: unknown): { firstname?: string; lastname?: string } {
  const [first, ...rest] = typeof name === "string" ? name.trim().split(/\s+/) : [];
  return {
    ...(first && { firstname: first }),
    ...(rest.length > 0 && { lastname: rest.join(" ") }),
  };
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : undefined;
