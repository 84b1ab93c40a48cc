/** One result per key, in the order of the keys; SQL promises neither. */
export function inKeyOrder<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): (Row | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** The same for keys that have any number of rows each; the rows keep their order. */
export function grouped<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): Row[][] {
  const byKey = new Map<Key, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) byKey.get(keyOf(row))?.push(row);
  return keys.map((key) => byKey.get(key) ?? []);
}

/** Loads the rows of the keys that are not null; without any, no statement is sent. */
export async function loadSome<Row>(
  keys: readonly (number | null)[],
  load: (keys: readonly number[]) => Promise<(Row | null)[]>,
): Promise<(Row | null)[]> {
  const given = keys.filter((key) => key !== null);
  if (given.length === 0) return keys.map(() => null);
  const rows = (await load(given)).values();
  return keys.map((key) => (key === null ? null : (rows.next().value ?? null)));
}
