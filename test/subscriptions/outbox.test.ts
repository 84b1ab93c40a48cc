import fc from "fast-check";
import type { EventHub, EventSubscription } from "../../src/outbox/hub.js";
import { allEvents, EventCollector, OutboxFixture, type Writer } from "./outbox-fixture.js";

let outbox: OutboxFixture;
let hub: EventHub;
let writers: [Writer, Writer, Writer];

beforeAll(async () => {
  outbox = await OutboxFixture.open();
  hub = outbox.hub(outbox.log);
  writers = [await outbox.writer(), await outbox.writer(), await outbox.writer()];
});
afterAll(() => outbox.close());

const committed = async (writer: Writer, count = 1): Promise<number[]> => {
  const ids = await writer.write(count);
  await writer.end("COMMIT");
  return ids;
};
const nextId = async (events: EventSubscription["events"]) => (await events.next())?.id;

/** Whether the hub emits nothing at a gap, even after it has queried which transactions were writing. */
async function isBlocked(next: Promise<number | undefined>): Promise<boolean> {
  const { writerQueries } = outbox.log;
  // A new subscription makes the hub read.
  const read = async () => (await hub.subscribe(allEvents)).events.end();
  while (outbox.log.writerQueries === writerQueries) await read();
  await read();
  return (await Promise.race([next, Promise.resolve(null)])) === null;
}

it("an event that is committed after its successors is emitted before them", async () => {
  const [slow, fast] = writers;
  const { events } = await hub.subscribe(allEvents);
  const [before] = await committed(fast);
  expect(await nextId(events)).toBe(before);
  const [first] = await slow.write();
  const [second, third] = [...(await committed(fast)), ...(await committed(fast))];
  const next = nextId(events);
  expect(await isBlocked(next)).toBe(true);
  await slow.end("COMMIT");
  expect([await next, await nextId(events), await nextId(events)]).toEqual([first, second, third]);
  events.end();
});

it("a transaction that is rolled back blocks later events only until it ends", async () => {
  const [slow, fast] = writers;
  const { events } = await hub.subscribe(allEvents);
  await slow.write();
  const [second] = await committed(fast);
  const next = nextId(events);
  expect(await isBlocked(next)).toBe(true);
  await slow.end("ROLLBACK");
  expect(await next).toBe(second);
  events.end();
});

it("a transaction that starts to write after a gap was seen does not block the events after the gap", async () => {
  const [slow, fast, later] = writers;
  const { events } = await hub.subscribe(allEvents);
  await slow.write();
  const [second] = await committed(fast);
  const next = nextId(events);
  expect(await isBlocked(next)).toBe(true);
  const [last] = await later.write();
  await slow.end("ROLLBACK");
  expect(await next).toBe(second);
  await later.end("COMMIT");
  expect(await nextId(events)).toBe(last);
  events.end();
});

it.each(["some events", "no events"])(
  "a hub that starts on a table with %s while transactions write emits all events that they commit",
  async (content) => {
    const [slow, fast, doomed] = writers;
    await doomed.write();
    const ids = await slow.write();
    if (content === "some events") await committed(fast);
    else await outbox.pruneAll();
    const late = outbox.hub();
    const watched: number[] = [];
    await late.watch("tabRefreshed", ({ id }) => watched.push(id));
    const collector = new EventCollector(await late.subscribe(allEvents));
    await slow.end("COMMIT");
    await doomed.end("ROLLBACK");
    const [last = 0] = await committed(fast);
    const received = await collector.until(last);
    // Events that were committed before the hub started are in the past.
    expect(received).toEqual([...ids, last]);
    expect(watched).toEqual(received);
  },
);

it("deleted rows behind a gap do not block later events", async () => {
  const [slow, fast] = writers;
  const collector = new EventCollector(await hub.subscribe(allEvents));
  await slow.write();
  await committed(fast);
  const quiet = new Promise<number>(() => undefined);
  expect(await isBlocked(quiet)).toBe(true);
  await outbox.pruneAll();
  await slow.end("ROLLBACK");
  const [last = 0] = await committed(fast);
  expect((await collector.until(last)).at(-1)).toBe(last);
});

type Step =
  | { readonly do: "write"; readonly writer: number; readonly count: number }
  | { readonly do: "writeAndRollBack"; readonly writer: number }
  | { readonly do: "end"; readonly writer: number; readonly how: "COMMIT" | "ROLLBACK" }
  | { readonly do: "resume"; readonly from: number }
  | { readonly do: "join" | "start" };

const anyWriter = fc.nat(2);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      writer: anyWriter,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("writeAndRollBack" as const), writer: anyWriter }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      writer: anyWriter,
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

it("every subscriber receives each committed event once and in the same order, however the transactions interleave", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 24 }), async (steps) => {
      const [start = 0] = await committed(writers[0]);
      const first = new EventCollector(await hub.subscribe(allEvents, start));
      const resumed: { from: number; collector: EventCollector }[] = [
        { from: start, collector: first },
      ];
      const joined: { missed: number[]; collector: EventCollector; close?: () => Promise<void> }[] =
        [];
      for (const step of steps) {
        const writer = ("writer" in step && writers[step.writer]) || writers[0];
        if (step.do === "write") await writer.write(step.count);
        else if (step.do === "writeAndRollBack") await writer.writeAndRollBack();
        else if (step.do === "end") await writer.end(step.how);
        else if (step.do === "resume") {
          const places = [start, ...first.ids];
          const from = places[Math.floor(step.from * (places.length - 1))] ?? start;
          resumed.push({
            from,
            collector: new EventCollector(await hub.subscribe(allEvents, from)),
          });
        } else {
          const missed = await outbox.idsAfter(start);
          const late = step.do === "start" ? outbox.hub() : null;
          const collector = new EventCollector(await (late ?? hub).subscribe(allEvents));
          joined.push({ missed, collector, ...(late && { close: () => late.close() }) });
        }
      }
      for (const writer of writers) await writer.end("COMMIT");
      const [last = 0] = await committed(writers[0]);
      const all = await outbox.idsAfter(start);
      for (const { from, collector } of resumed) {
        expect(await collector.until(last)).toEqual(all.filter((id) => id > from));
      }
      for (const { missed, collector, close } of joined) {
        const received = await collector.until(last);
        expect(received).toEqual(all.filter((id) => !missed.includes(id)));
        await close?.();
      }
    }),
    { numRuns: 30 },
  );
});
