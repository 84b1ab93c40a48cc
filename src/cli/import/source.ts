/** Somebody as `importUsers` takes them, with where they stand in the source. */
export interface SourceRow {
  /** For people: a line of a file, an id of the old system. */
  readonly place: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Where people come from: read as fast as they are taken in, never held as a whole. */
export interface Source {
  readonly rows: AsyncIterable<SourceRow>;
  /** How many there are; undefined while nobody has said. */
  readonly total: () => number | undefined;
}

/** Without what the source says nothing of: old systems write "" for that. */
export const said = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([, value]) => value !== undefined && value !== null && value !== "",
    ),
  );

/** Old systems that keep one name: its first word, and the rest. */
export function namesIn(name: unknown): { firstname?: string; lastname?: string } {
  const [first, ...rest] = typeof name === "string" ? name.trim().split(/\s+/) : [];
  return {
    ...(first && { firstname: first }),
    ...(rest.length > 0 && { lastname: rest.join(" ") }),
  };
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : undefined;
