/**
 * For rows that always exist: every user has a presence and settings from its creation on.
 *
 * @throws Error for a missing row, which is a defect of the database
 */
export async function required<Row>(rows: Promise<(Row | null)[]>): Promise<Row[]> {
  const found = await rows;
  if (found.includes(null)) throw new Error("a row that always exists is missing");
  return found as Row[];
}
