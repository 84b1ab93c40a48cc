/** Collects the values of a statement that is composed of parts, and returns their placeholders. */
export class Parameters {
  readonly values: unknown[] = [];

  /**
   * @param isPlannedOnce for statements that choose their way themselves: each placeholder is a subselect, so that
   *   Postgres does not plan for the values, finds the generic plan as good as a custom one, and keeps it
   */
  constructor(private readonly isPlannedOnce = false) {}

  /** @param type of the value, in SQL; without it Postgres infers the type from the context */
  add(value: unknown, type?: string): string {
    this.values.push(value);
    const placeholder = `$${this.values.length}`;
    if (type === undefined) return placeholder;
    // The outer cast: after ANY, Postgres would read a bare subselect as rows instead of an array.
    return this.isPlannedOnce
      ? `(SELECT ${placeholder}::${type})::${type}`
      : `${placeholder}::${type}`;
  }
}
