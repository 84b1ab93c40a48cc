import { Batches } from "../../src/database/group-commit.js";

interface Begun {
  readonly items: readonly string[];
  readonly end: (fault?: Error) => Promise<void>;
}

const turn = () => new Promise(setImmediate);

/** Batches that are under way until they are let end. Each item comes out in capitals, but for those left out. */
function held(leftOut: readonly string[] = []) {
  const begun: Begun[] = [];
  const batches = new Batches((items: ReadonlyMap<string, string>) => {
    const outcomes = [...items].filter(([, item]) => !leftOut.includes(item));
    return new Promise<Map<string, string>>((resolve, reject) => {
      begun.push({
        items: [...items.values()],
        end: async (fault) => {
          if (fault) reject(fault);
          else resolve(new Map(outcomes.map(([key, item]) => [key, item.toUpperCase()])));
          await turn();
          await turn();
        },
      });
    });
  });
  /** Items are named by their key and a number. */
  const join = (item: string) => batches.join(item.charAt(0), item);
  return { begun, join, items: () => begun.map(({ items }) => items) };
}

it("whoever asks in the same turn is in one batch, and gets what came of their own", async () => {
  const { begun, join, items } = held(["b1"]);
  const outcomes = Promise.all(["a1", "b1", "c1"].map(join));
  expect(items()).toEqual([]);
  await turn();
  expect(items()).toEqual([["a1", "b1", "c1"]]);
  await begun[0]?.end();
  expect(await outcomes).toEqual(["A1", undefined, "C1"]);
});

it("while two are under way, all who come gather for the next one", async () => {
  const { begun, join, items } = held();
  const outcomes: Promise<unknown>[] = [];
  for (const item of ["a1", "b1", "c1", "d1"]) {
    outcomes.push(join(item));
    await turn();
  }
  expect(items()).toEqual([["a1"], ["b1"]]);
  await begun[1]?.end();
  expect(items()).toEqual([["a1"], ["b1"], ["c1", "d1"]]);
  await begun[0]?.end();
  await begun[2]?.end();
  expect(await Promise.all(outcomes)).toEqual(["A1", "B1", "C1", "D1"]);
});

it("of one key there is one at a time, in order, and the others are not kept by that", async () => {
  const { begun, join, items } = held();
  const outcomes = Promise.all(["a1", "a2", "a3", "b1"].map(join));
  await turn();
  const later = join("c1");
  await turn();
  expect(items()).toEqual([["a1", "b1"], ["c1"]]);
  for (let i = 0; i < 4; i += 1) await begun[i]?.end();
  expect(items()).toEqual([["a1", "b1"], ["c1"], ["a2"], ["a3"]]);
  expect(await outcomes).toEqual(["A1", "A2", "A3", "B1"]);
  expect(await later).toBe("C1");
});

it("a batch is bounded, and who does not fit is in the next one", async () => {
  const begun: number[] = [];
  const batches = new Batches((items: ReadonlyMap<number, number>) => {
    begun.push(items.size);
    return Promise.resolve(items);
  });
  const numbers = Array.from({ length: 350 }, (_, i) => i);
  expect(await Promise.all(numbers.map((n) => batches.join(n, n)))).toEqual(numbers);
  expect(begun).toEqual([100, 100, 100, 50]);
});

it("a batch that fails fails for those in it, and the next one is made all the same", async () => {
  const { begun, join } = held();
  const failing = ["a1", "b1"].map((item) => expect(join(item)).rejects.toThrow("broken"));
  const next = join("a2");
  await turn();
  await begun[0]?.end(new Error("broken"));
  await Promise.all(failing);
  await begun[1]?.end();
  expect(await next).toBe("A2");
});
