import { AttemptLimiter } from "../../src/services/reservations/attempt-limiter.js";

/** Calls block here until they are released. */
function gates() {
  const waiting: ((fault?: Error) => void)[] = [];
  return {
    begun: () => waiting.length,
    wait: (): Promise<number> => {
      const number = waiting.length + 1;
      return new Promise((resolve, reject) =>
        waiting.push((fault) => (fault ? reject(fault) : resolve(number))),
      );
    },
    letOn: async (index: number, fault?: Error) => {
      waiting[index]?.(fault);
      await new Promise(setImmediate);
    },
  };
}

it("one caller tries at a time; a waiting caller checks again and goes on only if something is left", async () => {
  const tries = gates();
  const attempts = new AttemptLimiter<string>();
  let free = 2;
  const look = () => (free > 0 ? Promise.resolve() : Promise.reject(new Error("nothing is left")));
  const take = () => attempts.make("a", look, () => tries.wait().then(() => (free -= 1)));
  const takers = Array.from({ length: 4 }, take);
  const settled = Promise.allSettled(takers);
  for (const index of [0, 1]) {
    await new Promise(setImmediate);
    expect(tries.begun()).toBe(index + 1);
    await tries.letOn(index);
  }
  const outcomes = (await settled).map(({ status }) => status);
  expect(outcomes).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
  expect(tries.begun()).toBe(2);
});

it("a failed attempt does not block the next one", async () => {
  const tries = gates();
  const attempts = new AttemptLimiter<string>();
  const take = () => attempts.make("a", () => Promise.resolve(), tries.wait);
  const first = expect(take()).rejects.toThrow("broken");
  const next = take();
  await new Promise(setImmediate);
  await tries.letOn(0, new Error("broken"));
  await first;
  await tries.letOn(1);
  expect(await next).toBe(2);
});
