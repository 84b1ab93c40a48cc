/** A value as it is, one that is only known when its turn comes, or the elements of a list in batches. */
type StreamedValue = string | number | boolean | null | object | (() => unknown);

const isBatches = (value: StreamedValue): value is AsyncIterable<readonly unknown[]> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** The text of a JSON object whose lists may be longer than memory. Properties keep their order. */
export async function* jsonObjectStream(
  properties: readonly (readonly [string, StreamedValue])[],
): AsyncGenerator<string> {
  let before = "{";
  for (const [name, value] of properties) {
    const start = `${before}${JSON.stringify(name)}:`;
    before = ",";
    if (isBatches(value)) {
      yield `${start}[`;
      yield* elements(value);
      yield "]";
    } else {
      yield (
        start + JSON.stringify(typeof value === "function" ? (value as () => unknown)() : value)
      );
    }
  }
  yield "}";
}

async function* elements(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let before = "";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield before + batch.map((element) => JSON.stringify(element)).join(",");
    before = ",";
  }
}
