import { createRateLimiter } from "../../src/http/rate-limit/limiter.js";
import { createSharedRateLimiter } from "../../src/http/rate-limit/shared-limiter.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { recordSql } from "../support/record-sql.js";

const LIMIT = 3;
const PER_ADDRESS = 1000;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    RATE_LIMIT_PER_CREDENTIAL: String(LIMIT),
    RATE_LIMIT_PER_ADDRESS: String(PER_ADDRESS),
    RATE_LIMIT_SHARED: "true",
  });
});
afterAll(() => gateway.stop());

interface Door {
  readonly path: string;
  readonly headers: (secret: string) => Record<string, string>;
  /** The response to a caller that exceeds the limit. */
  readonly refusal: object;
}

const doors: Readonly<Record<string, Door>> = {
  GraphQL: {
    path: "/graphql?query={viewer{name}}",
    headers: (secret) => ({
      authorization: `Bearer ${secret}`,
      "content-type": "application/json",
    }),
    refusal: { errors: [{ extensions: { code: "RATE_LIMITED" } }] },
  },
  Clientexec: {
    path: "/api/v2/users/usersonline",
    headers: (apikey) => ({ apikey }),
    refusal: { success: false },
  },
  "Rocket.Chat": {
    path: "/api/v1/users.list",
    headers: (secret) => ({ "x-auth-token": secret, "x-user-id": "xxxxxxxxxxxxxxxxx" }),
    refusal: {
      success: false,
      error: expect.stringMatching(
        /^Error, too many requests\. .*\[error-too-many-requests\]$/,
      ) as string,
    },
  },
  jtel: {
    path: "/rest/v1.0/1/users",
    headers: (secret) => ({ authorization: `Bearer ${secret}` }),
    refusal: { status: 429 },
  },
  Omnidesk: {
    path: "/api/v2/user?itemLimit=1",
    headers: (apikey) => ({ apikey }),
    refusal: { status: "error" },
  },
};

async function ask(door: string, secret: string): Promise<Response> {
  const { path, headers } = doors[door] as Door;
  return fetch(gateway.url + path, { headers: headers(secret) });
}

const remainingOf = ({ headers }: Response): number =>
  Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);

it.each(Object.entries(doors))(
  "%s: responses carry the credential's remaining points, then a refusal in the API's own shape",
  async (door, { refusal }) => {
    const secret = await gateway.givenKey("USER_READ");
    for (let left = LIMIT - 1; left >= 0; left -= 1) {
      const answer = await ask(door, secret);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("ratelimit-policy")).toBe(`"credential";q=${LIMIT};w=60`);
      expect(answer.headers.get("ratelimit")).toMatch(/^"credential";r=\d+;t=\d+$/);
      expect(remainingOf(answer)).toBe(left);
      await answer.text();
    }
    const refused = await ask(door, secret);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject(refusal);
    expect(remainingOf(refused)).toBe(0);
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);

    const other = await ask(door, await gateway.givenKey("USER_READ"));
    expect([other.status, remainingOf(other)]).toEqual([200, LIMIT - 1]);
    await other.text();
  },
);

it("all APIs share one rate limit", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const names = ["GraphQL", "Omnidesk", "jtel", "Clientexec"];
  const statuses: number[] = [];
  for (const name of names) {
    const answer = await ask(name, secret);
    statuses.push(answer.status);
    await answer.text();
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
});

it("an expensive operation counts as several requests", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const [cheap, costly] = [
    `{ viewer { name } }`,
    `{ users(first: 100) { nodes { id username } } }`,
  ];
  const first = await gateway.ask(secret, cheap);
  expect(first.headers.get("ratelimit")).toContain(`r=${LIMIT - 1}`);
  const second = await gateway.ask(secret, costly);
  expect(second.status).toBe(429);
  expect(second.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(second.errors?.[0]?.extensions.code).toBe("RATE_LIMITED");
});

it("without a credential the response carries the address's remaining points", async () => {
  const [first, second] = [
    await gateway.ask(null, "{ __typename }"),
    await gateway.ask(null, "{ __typename }"),
  ];
  const left = [first, second].map(({ headers }) => headers.get("ratelimit"));
  expect(left.every((each) => each?.startsWith(`"address";r=`))).toBe(true);
  expect(first.headers.get("ratelimit-policy")).toBe(`"address";q=${PER_ADDRESS};w=60`);
});

describe("processes that share their limits", () => {
  const process = (name: string, points: number) =>
    createSharedRateLimiter(gateway.services.counters, name, points);

  it("processes that share a rate limit grant no more than it together, and all of it to a single process", async () => {
    const [one, other] = [process("together", 40), process("together", 40)];
    const states = await Promise.all(
      Array.from({ length: 100 }, async (_, time) => (time % 2 === 0 ? one : other)("somebody")),
    );
    const granted = states.filter(({ isExceeded }) => !isExceeded).length;
    expect(granted).toBeLessThanOrEqual(40);
    expect(granted).toBeGreaterThanOrEqual(38);

    const alone = process("alone", 40);
    const all = await Promise.all(Array.from({ length: 50 }, async () => alone("somebody")));
    expect(all.filter(({ isExceeded }) => !isExceeded)).toHaveLength(40);
  });

  it("a shared rate limit takes a few statements a minute, not one per request", async () => {
    const limiter = process("seldom", 1000);
    const statements = await recordSql(gateway.dataSource, async () => {
      for (let time = 0; time < 200; time += 1) await limiter("somebody");
    });
    expect(statements.filter((sql) => sql.includes("INSERT INTO counters"))).toHaveLength(4);
  });

  it.each([
    ["together", () => process("heavy", 10)],
    ["each for itself", () => createRateLimiter(10)],
  ])("a shared rate limit counts a request by its weight: %s", async (_how, create) => {
    const limiter = create();
    expect(await limiter("somebody", 7)).toMatchObject({ isExceeded: false, remaining: 3 });
    expect(await limiter("somebody", 3)).toMatchObject({ isExceeded: false, remaining: 0 });
    expect(await limiter("somebody")).toMatchObject({ isExceeded: true, remaining: 0 });
    expect(await limiter("else", 8)).toMatchObject({ isExceeded: false, remaining: 2 });
    expect(await limiter("else", 3)).toMatchObject({ isExceeded: true, remaining: 0 });
    expect(await limiter("else", 2)).toMatchObject({ isExceeded: true, remaining: 0 });
  });

  it("a shared rate limit resets when its minute is over", async () => {
    const limiter = process("again", 1);
    await limiter("somebody");
    expect(await limiter("somebody")).toMatchObject({ isExceeded: true });
    await gateway.dataSource.query(`UPDATE counters SET expires_at = now()`);
    // Another process has no prefetched points.
    expect(await process("again", 1)("somebody")).toMatchObject({ isExceeded: false });
  });
});

describe("a process that counts for itself", () => {
  beforeEach(() => jest.useFakeTimers({ now: 0, doNotFake: ["performance"] }));
  afterEach(() => jest.useRealTimers());

  it("a local rate limit resets a minute after the first call", () => {
    const limiter = createRateLimiter(2);
    expect(limiter("somebody")).toMatchObject({ resetsAt: 60_000, isExceeded: false });
    jest.setSystemTime(59_999);
    expect(limiter("somebody")).toMatchObject({ resetsAt: 60_000, isExceeded: false });
    expect(limiter("somebody")).toMatchObject({ resetsAt: 60_000, isExceeded: true });
    jest.setSystemTime(60_000);
    expect(limiter("somebody")).toMatchObject({ resetsAt: 120_000, isExceeded: false });
  });

  it("a local rate limiter keeps a bounded number of callers, the most recent ones", () => {
    const limiter = createRateLimiter(1);
    for (let caller = 0; caller <= 100_000; caller += 1) void limiter(`caller ${caller}`);
    expect(limiter("caller 1")).toMatchObject({ isExceeded: true });
    expect(limiter("caller 0")).toMatchObject({ isExceeded: false });
  });
});
