/**
 * Repeats a statement with a limit, for work that may be too much for one statement or transaction.
 *
 * @param run processes at most `limit` rows. @returns their number; fewer than `limit` are the last ones
 */
export async function repeatWhileFull(limit: number, run: () => Promise<number>): Promise<void> {
  while ((await run()) >= limit);
}

/** Like `repeatWhileFull`. @returns all items */
export async function collectWhileFull<Item>(
  limit: number,
  run: () => Promise<readonly Item[]>,
): Promise<Item[]> {
  const all: Item[] = [];
  await repeatWhileFull(limit, async () => {
    const items = await run();
    for (const item of items) all.push(item);
    return items.length;
  });
  return all;
}
