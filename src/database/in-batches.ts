/**
 * Does what may be too much for one statement or transaction, a batch after the other.
 *
 * @param batch does one batch of at most `size`. @returns how many there were
 */
export async function inBatches(size: number, batch: () => Promise<number>): Promise<void> {
  while ((await batch()) >= size);
}

/** The same, for whoever wants to know of each. */
export async function collectInBatches<Item>(
  size: number,
  batch: () => Promise<readonly Item[]>,
): Promise<Item[]> {
  const all: Item[] = [];
  await inBatches(size, async () => {
    const items = await batch();
    for (const item of items) all.push(item);
    return items.length;
  });
  return all;
}
