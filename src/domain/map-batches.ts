/**
 * Maps each batch of an asynchronous list. Not a generator, which keeps its variables while it waits for its consumer: with
 * a slow consumer, every stage would keep a batch in memory that it has already returned.
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

/** The result of an iterator without further values. */
export const END: IteratorReturnResult<undefined> = { done: true, value: undefined };
