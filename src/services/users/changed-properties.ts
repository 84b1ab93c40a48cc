/** What differs, as the audit keeps it: the properties named in `after` that are not as they were. */
export function changedProperties(
  before: object,
  after: object,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const was = before as Record<string, unknown>;
  const changed = Object.entries(after).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(was[key]),
  );
  return {
    before: Object.fromEntries(changed.map(([key]) => [key, was[key] ?? null])),
    after: Object.fromEntries(changed),
  };
}
