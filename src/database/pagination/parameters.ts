/** Collects the values of a statement that is put together from parts, and hands out their places. */
export class Parameters {
  readonly values: unknown[] = [];

  /**
   * @param isPlannedOnce for statements that lay down the way themselves: each place is a subselect, so
   *   that Postgres sees no value when it plans, finds every plan as good as the first, and keeps that
   */
  constructor(private readonly isPlannedOnce = false) {}

  /** @param type of the value, in SQL; told by its surroundings when left out */
  add(value: unknown, type?: string): string {
    this.values.push(value);
    const place = `$${this.values.length}`;
    if (type === undefined) return place;
    // A second time: after ANY, Postgres would take a bare subselect for rows instead of an array.
    return this.isPlannedOnce ? `(SELECT ${place}::${type})::${type}` : `${place}::${type}`;
  }
}
