import { request } from "node:http";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser, PASSWORD, uniqueName } from "../support/given.js";

const MAX = 2;
const WINDOW_SECONDS = 600;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    AUTH_FAILURES_MAX: String(MAX),
    AUTH_FAILURES_WINDOW_SECONDS: String(WINDOW_SECONDS),
  });
});
afterAll(() => gateway.stop());
// No test counts the failures of another.
beforeEach(() => gateway.dataSource.query(`DELETE FROM counters`));

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

interface Call {
  readonly path: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** @param from an address of 127.0.0.0/8 */
function call(from: string, { path, body, headers = {} }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      gateway.url + path,
      {
        method: body ? "POST" : "GET",
        localAddress: from,
        headers: { "content-type": "application/json", ...headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers["retry-after"],
            body: text,
          }),
        );
      },
    ).on("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}

const HERE = "127.0.0.1";
const THERE = "127.0.0.2";

const doors = {
  GraphQL: (user: string, password: string): Call => ({
    path: "/graphql",
    body: {
      query: `mutation ($input: LoginInput!) { login(input: $input) { token } }`,
      variables: { input: { user, password } },
    },
  }),
  "Rocket.Chat": (user: string, password: string): Call => ({
    path: "/api/v1/login",
    body: { user, password },
  }),
} as const;
type Door = keyof typeof doors;

const codes: Record<Door, Readonly<Record<"granted" | "wrong" | "slowed", RegExp>>> = {
  GraphQL: { granted: /rollcall_session_/, wrong: /UNAUTHENTICATED/, slowed: /RATE_LIMITED/ },
  "Rocket.Chat": { granted: /"success":true/, wrong: /Unauthorized/, slowed: /too-many-requests/ },
};

async function signIn(
  from: string,
  user: string,
  password: string,
  door: Door = "GraphQL",
): Promise<string> {
  const { body } = await call(from, doors[door](user, password));
  const [outcome = body] = Object.entries(codes[door]).find(([, words]) => words.test(body)) ?? [];
  return outcome;
}

const fail = (from: string, user: string, door?: Door) => signIn(from, user, "wrong", door);

const givenPerson = () => givenUser(gateway, { password: PASSWORD });

it.each(Object.keys(doors) as Door[])(
  "%s: after too many wrong passwords from an address, even the right one is refused there",
  async (door) => {
    const { username } = await givenPerson();
    for (let time = 1; time <= MAX; time += 1)
      expect(await fail(HERE, username, door)).toBe("wrong");
    expect(await fail(HERE, username, door)).toBe("slowed");
    expect(await signIn(HERE, username, PASSWORD, door)).toBe("slowed");
    expect(await signIn(THERE, username, PASSWORD, door)).toBe("granted");
  },
);

it("an unknown account is throttled in the same way, and so is an account by its e-mail address", async () => {
  const nobody = uniqueName();
  for (let time = 1; time <= MAX; time += 1) expect(await fail(HERE, nobody)).toBe("wrong");
  expect(await fail(HERE, nobody)).toBe("slowed");

  const email = `${uniqueName()}@example.org`;
  const { username } = await givenUser(gateway, { password: PASSWORD, email });
  expect([await fail(HERE, username), await fail(HERE, email)]).toEqual(["wrong", "wrong"]);
  expect(await fail(HERE, username)).toBe("slowed");
});

it("concurrent guesses count as many as sequential ones", async () => {
  const { username } = await givenPerson();
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => fail(HERE, username)));
  expect(outcomes.filter((outcome) => outcome === "wrong")).toHaveLength(MAX);
  expect(outcomes.filter((outcome) => outcome === "slowed")).toHaveLength(8 - MAX);
});

it("a successful login resets the count", async () => {
  const { username } = await givenPerson();
  for (let round = 1; round <= 3; round += 1) {
    expect(await fail(HERE, username)).toBe("wrong");
    expect(await signIn(HERE, username, PASSWORD)).toBe("granted");
  }
});

it("the wait is returned to the client and ends by itself", async () => {
  const { username } = await givenPerson();
  for (let time = 1; time <= MAX; time += 1) await fail(HERE, username);
  const { status, retryAfter, body } = await call(HERE, doors["Rocket.Chat"](username, PASSWORD));
  expect(status).toBe(429);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(Number(retryAfter)).toBeLessThanOrEqual(WINDOW_SECONDS);
  expect(body).toContain(`You must wait ${retryAfter} seconds`);
  await gateway.dataSource.query(`UPDATE counters SET expires_at = now()`);
  expect(await signIn(HERE, username, PASSWORD)).toBe("granted");
});

it("failures from many addresses block new addresses, not the ones from which the user has signed in", async () => {
  const { username } = await givenPerson();
  expect(await signIn(HERE, username, PASSWORD)).toBe("granted");
  const wide = 10 * MAX;
  for (let time = 0; time < wide; time += 1) {
    // A new address for every few attempts, so that no address is slowed on its own.
    expect(await fail(`127.0.1.${1 + Math.floor(time / MAX)}`, username)).toBe("wrong");
  }
  expect(await fail("127.0.2.1", username)).toBe("slowed");
  expect(await signIn("127.0.2.2", username, PASSWORD)).toBe("slowed");
  expect(await signIn(HERE, username, PASSWORD)).toBe("granted");
});

it("an address that tries many accounts is throttled for every next account", async () => {
  for (let time = 0; time < 20 * MAX; time += 1) {
    expect(await fail(HERE, uniqueName())).toBe("wrong");
  }
  expect(await fail(HERE, uniqueName())).toBe("slowed");
  expect(await fail(THERE, uniqueName())).toBe("wrong");
});

it.each<[string, (secret: string) => Call, RegExp]>([
  [
    "GraphQL",
    (secret) => ({
      path: "/graphql?query={viewer{name}}",
      headers: { authorization: `Bearer ${secret}` },
    }),
    /RATE_LIMITED/,
  ],
  [
    "Clientexec",
    (secret) => ({ path: "/api/v2/users/usersonline", headers: { apikey: secret } }),
    /Too many requests/,
  ],
  [
    "Rocket.Chat",
    (secret) => ({
      path: "/api/v1/me",
      headers: { "x-auth-token": secret, "x-user-id": "xxxxxxxxxxxxxxxxx" },
    }),
    /error-too-many-requests/,
  ],
  [
    "jtel",
    (secret) => ({ path: "/rest/v1.0/1/users", headers: { authorization: `Bearer ${secret}` } }),
    /429/,
  ],
  [
    "Omnidesk",
    (secret) => ({ path: "/api/v2/user", headers: { apikey: secret } }),
    /"status":"error"/,
  ],
])(
  "%s: an address with too many invalid keys must wait, but a valid key from it is served",
  async (door, asking, words) => {
    const address = `127.0.3.${door.length}`;
    const good = await gateway.givenKey("ADMIN");
    expect((await call(address, asking("bad"))).status).toBe(401);
    await gateway.dataSource.query(`UPDATE counters SET count = $1`, [100 * MAX]);
    for (let time = 1; time <= 2; time += 1) {
      const { status, retryAfter, body } = await call(address, asking("bad"));
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThan(0);
      expect(body).toMatch(words);
    }
    expect((await call(address, asking(good))).status).not.toBe(429);
  },
);

it("the counters store neither the login nor the address in clear text", async () => {
  const name = uniqueName();
  await fail(HERE, name);
  const rows = await gateway.dataSource.query<{ row: string }[]>(
    `SELECT c::text AS row FROM counters c`,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ row }) => row.includes(name) || row.includes(HERE))).toEqual([]);
});
