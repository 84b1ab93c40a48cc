import { GroupCommit } from "../../src/database/group-commit.js";

interface Started {
  readonly items: readonly string[];
  readonly end: (failure?: Error) => Promise<void>;
}

const nextTick = () => new Promise(setImmediate);

/** Batches stay in flight until `end` is called. The outcome of an item is its name in capitals. */
function startGroupCommit(leftOut: readonly string[] = []) {
  const started: Started[] = [];
  const groupCommit = new GroupCommit((items: ReadonlyMap<string, string>) => {
    const outcomes = [...items].filter(([, item]) => !leftOut.includes(item));
    return new Promise<Map<string, string>>((resolve, reject) => {
      started.push({
        items: [...items.values()],
        end: async (failure) => {
          if (failure) reject(failure);
          else resolve(new Map(outcomes.map(([key, item]) => [key, item.toUpperCase()])));
          await nextTick();
          await nextTick();
        },
      });
    });
  });
  /** Items are named by their key and a number. */
  const join = (item: string) => groupCommit.join(item.charAt(0), item);
  return { started, join, items: () => started.map(({ items }) => items) };
}

it("items of the same tick share one batch, and each caller receives its own outcome", async () => {
  const { started, join, items } = startGroupCommit(["b1"]);
  const outcomes = Promise.all(["a1", "b1", "c1"].map(join));
  expect(items()).toEqual([]);
  await nextTick();
  expect(items()).toEqual([["a1", "b1", "c1"]]);
  await started[0]?.end();
  expect(await outcomes).toEqual(["A1", undefined, "C1"]);
});

it("items that arrive while two batches are in flight form the next batch", async () => {
  const { started, join, items } = startGroupCommit();
  const outcomes: Promise<unknown>[] = [];
  for (const item of ["a1", "b1", "c1", "d1"]) {
    outcomes.push(join(item));
    await nextTick();
  }
  expect(items()).toEqual([["a1"], ["b1"]]);
  await started[1]?.end();
  expect(items()).toEqual([["a1"], ["b1"], ["c1", "d1"]]);
  await started[0]?.end();
  await started[2]?.end();
  expect(await Promise.all(outcomes)).toEqual(["A1", "B1", "C1", "D1"]);
});

it("items with the same key run one after the other in order, and do not delay other keys", async () => {
  const { started, join, items } = startGroupCommit();
  const outcomes = Promise.all(["a1", "a2", "a3", "b1"].map(join));
  await nextTick();
  const later = join("c1");
  await nextTick();
  expect(items()).toEqual([["a1", "b1"], ["c1"]]);
  for (let i = 0; i < 4; i += 1) await started[i]?.end();
  expect(items()).toEqual([["a1", "b1"], ["c1"], ["a2"], ["a3"]]);
  expect(await outcomes).toEqual(["A1", "A2", "A3", "B1"]);
  expect(await later).toBe("C1");
});

it("a batch has at most 100 items, and the rest form the next ones", async () => {
  const started: number[] = [];
  const groupCommit = new GroupCommit((items: ReadonlyMap<number, number>) => {
    started.push(items.size);
    return Promise.resolve(items);
  });
  const numbers = Array.from({ length: 350 }, (_, i) => i);
  expect(await Promise.all(numbers.map((n) => groupCommit.join(n, n)))).toEqual(numbers);
  expect(started).toEqual([100, 100, 100, 50]);
});

it("a failed batch rejects its own callers, and the next batch still runs", async () => {
  const { started, join } = startGroupCommit();
  const failing = ["a1", "b1"].map((item) => expect(join(item)).rejects.toThrow("broken"));
  const next = join("a2");
  await nextTick();
  await started[0]?.end(new Error("broken"));
  await Promise.all(failing);
  await started[1]?.end();
  expect(await next).toBe("A2");
});
