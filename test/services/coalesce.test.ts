import { seedLoad } from "../../src/demo/load/seed-load.js";
import { system } from "../../src/domain/actor.js";
import { toGlobalId } from "../../src/domain/global-id.js";
import type { User } from "../../src/entities/user.entity.js";
import { CoalescedReads, Coalescer, type KeyedRead } from "../../src/database/coalesce.js";
import { recordStatements } from "../support/record-sql.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

/** The values of the statements with this text that are sent while `work` runs. */
async function valuesSent(sql: string, work: () => Promise<unknown>): Promise<unknown[]> {
  const statements = await recordStatements(gateway.dataSource, work);
  return statements.filter(({ text }) => text === sql).map(({ values }) => values);
}

const nextTick = () => new Promise((resolve) => setImmediate(resolve));

/** Batches stay in flight until `end` is called; the result of the nth batch is n. */
function startCoalescer() {
  const started: { readonly items: readonly string[]; readonly end: (failure?: Error) => void }[] =
    [];
  let isIdle = false;
  const run = (items: readonly string[]) =>
    new Promise<number>((resolve, reject) => {
      const batch = started.length + 1;
      const end = (failure?: Error) => (failure ? reject(failure) : resolve(batch));
      started.push({ items, end });
    });
  const coalescer = new Coalescer(run, () => (isIdle = true));
  return {
    started,
    request: (item: string) => coalescer.request(item),
    batches: () => started.map(({ items }) => items),
    isIdle: () => isIdle,
  };
}

describe("a coalescer", () => {
  it("a coalescer runs the items of one tick as one batch at its end", async () => {
    const { started, request, batches } = startCoalescer();
    const results = Promise.all(["a", "b"].map(request));
    expect(batches()).toEqual([]);
    await nextTick();
    expect(batches()).toEqual([["a", "b"]]);
    started[0]?.end();
    expect(await results).toEqual([1, 1]);
  });

  it("a coalescer runs items that arrive while a batch is in flight as the next batch, after it has ended", async () => {
    const { started, request, batches, isIdle } = startCoalescer();
    const first = request("a");
    await nextTick();
    const later = [request("b"), request("c")];
    await nextTick();
    expect(batches()).toEqual([["a"]]);
    started[0]?.end();
    expect(await first).toBe(1);
    await nextTick();
    expect(batches()).toEqual([["a"], ["b", "c"]]);
    const latest = request("d");
    started[1]?.end();
    expect(await Promise.all(later)).toEqual([2, 2]);
    expect(isIdle()).toBe(false);
    await nextTick();
    started[2]?.end();
    expect(await latest).toBe(3);
    expect(isIdle()).toBe(true);
  });

  it("a coalescer rejects the items of a failed batch, and still runs the next one", async () => {
    const { started, request } = startCoalescer();
    const first = expect(request("a")).rejects.toThrow("broken");
    await nextTick();
    const next = request("b");
    started[0]?.end(new Error("broken"));
    await first;
    await nextTick();
    started[1]?.end();
    expect(await next).toBe(2);
  });

  it("a coalescer does not wait for a batch that does not end", async () => {
    const { started, request } = startCoalescer();
    void request("a");
    await nextTick();
    const other = request("b");
    while (started.length < 2) await nextTick();
    started[1]?.end();
    expect(await other).toBe(2);
  });
});

describe("identical reads", () => {
  const SUM = "SELECT $1::int + 1 AS sum";

  it("identical reads of the same tick share one statement", async () => {
    const { reader } = gateway.services;
    const results: unknown[] = [];
    const sent = await valuesSent(SUM, async () => {
      results.push(...(await Promise.all([1, 2, 3].map(() => reader.lookUp(SUM, [1])))));
    });
    expect(sent).toEqual([[1]]);
    expect(results).toEqual([[{ sum: 2 }], [{ sum: 2 }], [{ sum: 2 }]]);
  });

  it("identical reads do not share a statement when their values differ", async () => {
    const { reader } = gateway.services;
    const read = () => Promise.all([1, 2].map((n) => reader.lookUp(SUM, [n])));
    expect(await valuesSent(SUM, read)).toEqual([[1], [2]]);
  });

  it("identical reads all reject when their statement fails, and a later one sends a new statement", async () => {
    const wrong = "SELECT 1 / $1::int AS quotient";
    const { reader } = gateway.services;
    const results = await Promise.allSettled([1, 2].map(() => reader.lookUp(wrong, [0])));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await reader.lookUp(wrong, [1])).toEqual([{ quotient: 1 }]);
  });

  it("identical reads return no data from before the request, also while an earlier statement is in flight", async () => {
    let isThere = false;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let sends = 0;
    const reads = new CoalescedReads(async () => {
      sends += 1;
      const seen = [{ isThere }];
      await released;
      return seen;
    });
    const early = reads.read("", []);
    while (sends === 0) await nextTick();
    isThere = true;
    const late = [1, 2].map(() => reads.read("", []));
    release();
    const there = [{ isThere: true }];
    expect(await Promise.all([early, ...late])).toEqual([[{ isThere: false }], there, there]);
    expect(sends).toBe(2);
  });

  it("identical reads refuse a revoked API key immediately, also while other requests use it", async () => {
    const { services } = gateway;
    const secret = await gateway.givenKey("USER_READ");
    const origin = { door: "GRAPHQL", requestId: "of-the-test" } as const;
    const use = () => services.authentication.authenticate(secret, origin);
    const before = Promise.allSettled(Array.from({ length: 20 }, use));
    await gateway.dataSource.query(`UPDATE api_keys SET revoked_at = now()`);
    await expect(use()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await before;
  });
});

describe("reads by key", () => {
  interface Multiple {
    readonly of: number;
    readonly product: number;
  }

  const MULTIPLES: KeyedRead<Multiple> = {
    sql: `SELECT key AS "of", key * times AS product FROM unnest($1::int[]) key, generate_series(1, 2) times`,
    toRow: (raw) => raw as Multiple,
    keyOf: (row) => row.of,
  };

  const read = (...keys: number[]) => gateway.services.reader.lookUpByKey(MULTIPLES, keys);

  it("reads by key of the same tick share one statement, which contains each key once", async () => {
    const results: ReadonlyMap<number, readonly Multiple[]>[] = [];
    const sent = await valuesSent(MULTIPLES.sql, async () => {
      results.push(...(await Promise.all([read(1, 2), read(2, 3)])));
    });
    expect(sent).toEqual([["{1,2,3}"]]);
    const multiples = [
      { of: 2, product: 2 },
      { of: 2, product: 4 },
    ];
    expect(results.map((rows) => rows.get(2))).toEqual([multiples, multiples]);
  });

  it("reads by key return a row under each of its keys", async () => {
    const shared: KeyedRead<{ text: string }> = {
      sql: `SELECT 'all' AS text, $1::int[] AS keys`,
      toRow: (raw) => raw as { text: string },
      keyOf: () => [7, 8],
    };
    const rows = await gateway.services.reader.lookUpByKey(shared, [7, 8]);
    expect(rows.get(7)).toEqual([{ text: "all", keys: [7, 8] }]);
    expect(rows.get(8)?.[0]).toBe(rows.get(7)?.[0]);
  });

  it("reads by key all reject when their statement fails, and a later one sends a new statement", async () => {
    const quotient: KeyedRead<{ of: number }> = {
      sql: `SELECT key AS "of", 1 / key AS quotient FROM unnest($1::int[]) key`,
      toRow: (raw) => raw as { of: number },
      keyOf: (row) => row.of,
    };
    const divideBy = (key: number) => gateway.services.reader.lookUpByKey(quotient, [key]);
    const results = await Promise.allSettled([divideBy(1), divideBy(0)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await divideBy(1)).get(1)).toEqual([{ of: 1, quotient: 1 }]);
  });

  it("reads by more than 1,000 keys are split into several statements", async () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => i + 1);
    let rows: ReadonlyMap<number, readonly Multiple[]> = new Map();
    const sent = await valuesSent(MULTIPLES.sql, async () => {
      [rows] = await Promise.all([read(...thousand), read(1001)]);
    });
    expect(sent).toEqual([[`{${thousand.join()}}`], ["{1001}"]]);
    expect([rows.size, rows.get(1001)?.[0]]).toEqual([1001, { of: 1001, product: 1001 }]);
  });

  it("reads by key of concurrent callers for different users share a statement, and each caller receives its own user", async () => {
    const { dataSource, services } = gateway;
    await seedLoad(dataSource, { users: 3, agents: 1 });
    const users: { id: number; username: string }[] = await dataSource.query(
      `SELECT id, username FROM users ORDER BY id DESC LIMIT 3`,
    );
    const ids = users.map(({ id }) => toGlobalId("User", id));
    const unknown = toGlobalId("User", 2_000_000_000);
    let found: (User | null)[] = [];
    const statements = await recordStatements(dataSource, async () => {
      found = await Promise.all(
        [...ids, unknown].map((id) => services.users.find(system("test"), { id })),
      );
    });
    // The gateway's own jobs may send others meanwhile.
    expect(statements.filter(({ text }) => /FROM users u WHERE/.test(text))).toHaveLength(1);
    expect(found.map((user) => user?.username)).toEqual([
      ...users.map(({ username }) => username),
      undefined,
    ]);
  });

  it("reads by key that fail before anything is sent do not affect a later read", async () => {
    let isAway = true;
    const reads = new CoalescedReads((_, [keys]) =>
      isAway ? Promise.reject(new Error("away")) : Promise.resolve([{ of: 1, keys }]),
    );
    await expect(reads.readByKey(MULTIPLES, [1])).rejects.toThrow("away");
    isAway = false;
    expect((await reads.readByKey(MULTIPLES, [1])).get(1)).toEqual([{ of: 1, keys: "{1}" }]);
  });
});
