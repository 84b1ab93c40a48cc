/**
 * What `map` makes of each batch, one at a time. Not a generator: one keeps its variables while it waits
 * for its reader, and with a slow reader every stage would keep the batch that it has long passed on.
 */
export function mapBatches<From, To>(
  batches: AsyncIterable<From>,
  map: (batch: From) => To,
): AsyncIterable<To> {
  const source = batches[Symbol.asyncIterator]();
  const mapped: AsyncIterator<To> = {
    next: async () => {
      const { done, value } = await source.next();
      return done ? END : { done: false, value: map(value) };
    },
    return: async () => {
      await source.return?.();
      return END;
    },
  };
  return { [Symbol.asyncIterator]: () => mapped };
}

/** The answer of an iterator that has nothing more. */
export const END: IteratorReturnResult<undefined> = { done: true, value: undefined };
