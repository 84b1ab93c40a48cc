import { mapBatches } from "../domain/map-batches.js";

/** A value, a function that is called when its turn comes, or the elements of a list in batches. */
type StreamedValue = string | number | boolean | null | object | (() => unknown);

const isBatches = (value: StreamedValue): value is AsyncIterable<readonly unknown[]> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

const toElements = (batch: readonly unknown[]): string =>
  JSON.stringify(batch).slice("[".length, -"]".length);

/**
 * The text of a JSON object whose lists may exceed the memory, in one chunk per batch. Properties keep their
 * order.
 */
export async function* jsonObjectStream(
  properties: readonly (readonly [string, StreamedValue])[],
): AsyncGenerator<string> {
  let text = "{";
  let comma = "";
  for (const [name, value] of properties) {
    text += `${comma}${JSON.stringify(name)}:`;
    comma = ",";
    if (isBatches(value)) {
      let before = "[";
      for await (const elements of mapBatches(value, toElements)) {
        if (elements === "") continue;
        yield text + before + elements;
        text = "";
        before = ",";
      }
      text += before === "[" ? "[]" : "]";
    } else {
      text += JSON.stringify(typeof value === "function" ? (value as () => unknown)() : value);
    }
  }
  yield `${text}}`;
}
