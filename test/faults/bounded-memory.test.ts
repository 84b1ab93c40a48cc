import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Of ten thousand characters each: more documents than the cache keeps. */
const REQUESTS = 120;
/** Without a limit, each document would retain about 300 kB. */
const GROWTH_MAX = 20_000_000;

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({ AUTH_FAILURES_MAX: "10000" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

/** Sends requests that all differ. */
async function flood(name: string): Promise<void> {
  for (let i = 0; i < REQUESTS; i += 1) {
    const one = `${name}_${i}`;
    const long = one.padEnd(60, "_");
    const fields = Array.from(
      { length: 90 },
      (_, n) => `${long}${n}: presence { status { id name class color } }`,
    ).join(" ");
    const document = `query ${one} { users(first: 1, filter: { search: "${one}" }) { nodes { ${fields} } } }`;
    const login = `mutation { login(input: { user: "${one}", password: "x" }) { token } }`;
    const [answered, ...refused] = await Promise.all([
      gateway.ask(admin, document, {}, { "x-request-id": one }),
      gateway.ask(`${one}-is-nobodys-key`, document),
      gateway.ask(null, i % 10 === 0 ? login : document),
    ]);
    expect([answered.status, answered.errors]).toEqual([200, undefined]);
    expect(refused.every(({ errors }) => errors)).toBe(true);
  }
}

function usedHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it("a flood of distinct requests leaves no memory behind", async () => {
  await flood("first");
  const before = usedHeap();
  await flood("second");
  await flood("third");
  expect(usedHeap() - before).toBeLessThan(GROWTH_MAX);
}, 240_000);
