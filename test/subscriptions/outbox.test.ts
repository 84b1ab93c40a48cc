import fc from "fast-check";
import type { EventHub } from "../../src/outbox/hub.js";
import { Ear, everything, Outbox, type Writer } from "./outbox-support.js";

let outbox: Outbox;
let hub: EventHub;
let writers: [Writer, Writer, Writer];

beforeAll(async () => {
  outbox = await Outbox.open();
  hub = outbox.hub(outbox.log);
  writers = [await outbox.writer(), await outbox.writer(), await outbox.writer()];
});
afterAll(() => outbox.close());

const committed = async (writer: Writer, count = 1): Promise<number[]> => {
  const ids = await writer.write(count);
  await writer.end("COMMIT");
  return ids;
};
const nextId = async (reader: AsyncIterator<{ id: number }>) =>
  ((await reader.next()).value as { id: number }).id;

/** Whether it has nothing to tell though there is a gap, and the hub has learned who was writing then. */
async function isSilent(told: Promise<number>): Promise<boolean> {
  const { answers } = outbox.log;
  // Who begins to follow has the hub look.
  const look = async () => (await hub.follow(everything)).events.return?.();
  while (outbox.log.answers === answers) await look();
  await look();
  return (await Promise.race([told, Promise.resolve(null)])) === null;
}

it("what is committed later than its successors is told before them", async () => {
  const [slow, fast] = writers;
  const { events } = await hub.follow(everything);
  const [before] = await committed(fast);
  expect(await nextId(events)).toBe(before);
  const [first] = await slow.write();
  const [second, third] = [...(await committed(fast)), ...(await committed(fast))];
  const told = nextId(events);
  expect(await isSilent(told)).toBe(true);
  await slow.end("COMMIT");
  expect([await told, await nextId(events), await nextId(events)]).toEqual([first, second, third]);
  await events.return?.();
});

it("what is rolled back holds up the rest no longer than its transaction lasts", async () => {
  const [slow, fast] = writers;
  const { events } = await hub.follow(everything);
  await slow.write();
  const [second] = await committed(fast);
  const told = nextId(events);
  expect(await isSilent(told)).toBe(true);
  await slow.end("ROLLBACK");
  expect(await told).toBe(second);
  await events.return?.();
});

it("a transaction that began to write after the gap was seen does not hold it up", async () => {
  const [slow, fast, later] = writers;
  const { events } = await hub.follow(everything);
  await slow.write();
  const [second] = await committed(fast);
  const told = nextId(events);
  expect(await isSilent(told)).toBe(true);
  const [last] = await later.write();
  await slow.end("ROLLBACK");
  expect(await told).toBe(second);
  await later.end("COMMIT");
  expect(await nextId(events)).toBe(last);
  await events.return?.();
});

it.each(["some events", "no events"])(
  "a hub that starts over %s while transactions write tells of all that they commit",
  async (which) => {
    const [slow, fast, vain] = writers;
    await vain.write();
    const ids = await slow.write();
    if (which === "some events") await committed(fast);
    else await outbox.forget();
    const late = outbox.hub();
    const watched: number[] = [];
    await late.watch("tabRefreshed", ({ id }) => watched.push(id));
    const ear = new Ear(await late.follow(everything));
    await slow.end("COMMIT");
    await vain.end("ROLLBACK");
    const [last = 0] = await committed(fast);
    const heard = await ear.until(last);
    // What was committed before it started is of the past.
    expect(heard).toEqual([...ids, last]);
    expect(watched).toEqual(heard);
  },
);

it("rows that somebody has deleted stop nothing", async () => {
  const [slow, fast] = writers;
  const ear = new Ear(await hub.follow(everything));
  await slow.write();
  await committed(fast);
  const quiet = new Promise<number>(() => undefined);
  expect(await isSilent(quiet)).toBe(true);
  await outbox.forget();
  await slow.end("ROLLBACK");
  const [last = 0] = await committed(fast);
  expect((await ear.until(last)).at(-1)).toBe(last);
});

type Step =
  | { readonly do: "write"; readonly who: number; readonly count: number }
  | { readonly do: "vain"; readonly who: number }
  | { readonly do: "end"; readonly who: number; readonly how: "COMMIT" | "ROLLBACK" }
  | { readonly do: "resume"; readonly from: number }
  | { readonly do: "join" | "start" };

const who = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      who,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("vain" as const), who }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      who,
      how: fc.constantFrom("COMMIT" as const, "COMMIT" as const, "ROLLBACK" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("resume" as const),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("join" as const, "start" as const) }) },
);

it("in whatever order transactions begin, write and end, everybody is told of each committed event once, in one order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const [start = 0] = await committed(writers[0]);
      const first = new Ear(await hub.follow(everything, start));
      const resumed: { from: number; ear: Ear }[] = [{ from: start, ear: first }];
      const joined: { missed: number[]; ear: Ear; close?: () => Promise<void> }[] = [];
      for (const made of steps) {
        const writer = "who" in made ? (writers[made.who] ?? writers[0]) : writers[0];
        if (made.do === "write") await writer.write(made.count);
        else if (made.do === "vain") await writer.writeInVain();
        else if (made.do === "end") await writer.end(made.how);
        else if (made.do === "resume") {
          const places = [start, ...first.heard];
          const from = places[Math.floor(made.from * (places.length - 1))] ?? start;
          resumed.push({ from, ear: new Ear(await hub.follow(everything, from)) });
        } else {
          const missed = await outbox.idsAfter(start);
          const late = made.do === "start" ? outbox.hub() : null;
          const ear = new Ear(await (late ?? hub).follow(everything));
          joined.push({ missed, ear, ...(late && { close: () => late.close() }) });
        }
      }
      for (const writer of writers) await writer.end("COMMIT");
      const [last = 0] = await committed(writers[0]);
      const all = await outbox.idsAfter(start);
      for (const { from, ear } of resumed) {
        expect(await ear.until(last)).toEqual(all.filter((id) => id > from));
      }
      for (const { missed, ear, close } of joined) {
        const heard = await ear.until(last);
        expect(heard).toEqual(all.filter((id) => !missed.includes(id)));
        await close?.();
      }
    }),
    { numRuns: 30 },
  );
});
