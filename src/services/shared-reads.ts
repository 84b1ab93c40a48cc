interface Reading<Value> {
  readonly underWay: Promise<Value>;
  next?: Promise<Value>;
}

/**
 * Reads of the same thing at the same time are one. Who asks while a read is under way gets the next one, with all
 * others who did: the one under way may be older than what they know of.
 */
export class SharedReads<Key, Value> {
  private readonly readings = new Map<Key, Reading<Value>>();

  constructor(private readonly read: (key: Key) => Promise<Value>) {}

  get(key: Key): Promise<Value> {
    const reading = this.readings.get(key);
    if (!reading) return this.begin(key);
    const again = () => this.begin(key);
    return (reading.next ??= reading.underWay.then(again, again));
  }

  private begin(key: Key): Promise<Value> {
    const reading: Reading<Value> = { underWay: this.read(key) };
    this.readings.set(key, reading);
    const end = () => {
      // The next one takes its place.
      if (!reading.next) this.readings.delete(key);
    };
    reading.underWay.then(end, end);
    return reading.underWay;
  }
}
