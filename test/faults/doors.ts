import { eventually } from "../support/eventually.js";

const MESSAGE = "Service temporarily unavailable, retry later";

/** A door, a read that needs the database, and its response while the database is unavailable. */
export interface Door {
  readonly name: string;
  readonly request: (key: string) => { path: string; init: RequestInit };
  readonly refusal: unknown;
}

const bearer = (key: string) => ({
  authorization: `Bearer ${key}`,
  "content-type": "application/json",
});

export const doors: readonly Door[] = [
  {
    name: "GraphQL",
    request: (key) => ({
      path: "/graphql",
      init: {
        method: "POST",
        headers: bearer(key),
        body: JSON.stringify({ query: "{ users { totalCount } }" }),
      },
    }),
    refusal: {
      errors: [
        { message: MESSAGE, extensions: { code: "SERVICE_UNAVAILABLE", retryAfterSeconds: 1 } },
      ],
    },
  },
  {
    name: "Clientexec",
    request: (key) => ({
      path: "/api/v2/clients/users/usersonline",
      init: { headers: { apikey: key } },
    }),
    refusal: {
      timestamp: expect.any(Number),
      elapsed: expect.any(String),
      message: MESSAGE,
      success: false,
      failure: true,
    },
  },
  {
    name: "Rocket.Chat",
    request: (key) => ({
      path: "/api/v1/users.presence",
      init: { headers: { "x-auth-token": key, "x-user-id": "anybody" } },
    }),
    refusal: {
      success: false,
      error: `${MESSAGE} [error-service-unavailable]`,
      errorType: "error-service-unavailable",
    },
  },
  {
    name: "jtel",
    request: (key) => ({ path: "/rest/v1.0/1/users", init: { headers: bearer(key) } }),
    refusal: { status: 503, error: MESSAGE },
  },
  {
    name: "Omnidesk",
    request: (key) => ({
      path: "/api/v2/user",
      init: { headers: { apikey: key } },
    }),
    refusal: { status: "error", message: MESSAGE },
  },
];

export interface DoorAnswer {
  readonly door: Door;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

export async function knock(url: string, door: Door, key: string): Promise<DoorAnswer> {
  const { path, init } = door.request(key);
  const response = await fetch(url + path, init);
  const retryAfter = response.headers.get("retry-after");
  return { door, status: response.status, retryAfter, body: await response.json() };
}

/** Expects an early refusal in each door's own format; no request waits for the end of the outage. */
export async function expectRefusedEverywhere(url: string, key: string): Promise<void> {
  const answers = await Promise.all(doors.map((door) => knock(url, door, key)));
  for (const { door, status, retryAfter, body } of answers) {
    const { name, refusal } = door;
    const told = { name, status, retryAfter, body };
    expect(told).toEqual({ name, status: 503, retryAfter: "1", body: refusal });
  }
}

export async function expectAnsweredEverywhere(url: string, key: string): Promise<void> {
  await eventually(async () => {
    for (const door of doors) {
      const { status, body } = await knock(url, door, key);
      if (status !== 200)
        throw new Error(`${door.name} answers ${status}: ${JSON.stringify(body)}`);
    }
  });
}
