/** For rows that are always there: everybody has a presence and settings from the moment they are made. */
export async function required<Row>(rows: Promise<(Row | null)[]>): Promise<Row[]> {
  const found = await rows;
  if (found.includes(null)) throw new Error("a row that always exists is missing");
  return found as Row[];
}
