/**
 * Does what may be too much for one statement or transaction, a batch after the other.
 *
 * @param batch does one batch of at most `size`. @returns how many there were
 */
export async function inBatches(size: number, batch: () => Promise<number>): Promise<void> {
  while ((await batch()) >= size);
}
