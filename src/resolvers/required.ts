/** For rows that are always there: everybody has a presence and settings from the moment they are made. */
export async function required<Row>(row: Promise<Row | null>): Promise<Row> {
  const found = await row;
  if (found === null) throw new Error("a row that always exists is missing");
  return found;
}
