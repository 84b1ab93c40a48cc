import { createLogger } from "../../src/observability/logging/logger.js";
import { LogLines } from "./log-lines.js";

const SECRET = "nobody-may-read-this";

const names = [
  "authorization",
  "cookie",
  "apikey",
  "apiKey",
  "x-auth-token",
  "password",
  "passwordHash",
  "resume",
  "secret",
  "secretHash",
  "token",
  "tokenHash",
  // Postgres's field with the values of a statement.
  "parameters",
  "detail",
  "where",
  "driverError",
];

const places: readonly (readonly [string, (name: string) => object])[] = [
  ["the line", (name) => ({ [name]: SECRET })],
  ["what it is about", (name) => ({ headers: { [name]: SECRET } })],
  ["a part of that", (name) => ({ request: { headers: { [name]: SECRET } } })],
  ["an error", (name) => ({ err: Object.assign(new Error("failed"), { [name]: SECRET }) })],
  [
    "a part of an error",
    (name) => ({ err: Object.assign(new Error("failed"), { input: { [name]: SECRET } }) }),
  ],
];

describe.each(places)("in %s", (_place, about) => {
  it.each(names)("%s is redacted and the rest is logged", (name) => {
    const lines = new LogLines();
    createLogger("debug", lines).error({ requestId: "r-1", ...about(name) }, "failed");
    expect(lines.all).toMatchObject([{ requestId: "r-1", msg: "failed" }]);
    expect(JSON.stringify(lines.all)).not.toContain(SECRET);
    expect(JSON.stringify(lines.all)).toContain(name);
  });
});

it("a logged error keeps its type and cause", () => {
  const lines = new LogLines();
  const err = new Error("failed", { cause: new Error("for a reason") });
  createLogger("debug", lines).error(
    { err, at: new Date(0), counts: [1, { of: 2 }] },
    "unexpected",
  );
  expect(lines.all).toMatchObject([
    { at: "1970-01-01T00:00:00.000Z", counts: [1, { of: 2 }], err: { type: "Error" } },
  ]);
  expect(lines.all[0]?.["err"]).toMatchObject({
    message: expect.stringContaining("failed"),
    stack: expect.stringContaining("for a reason"),
  });
});

it("a circular value is logged up to its cycle", () => {
  const lines = new LogLines();
  const circle: Record<string, unknown> = { name: "circle" };
  circle["inside"] = circle;
  createLogger("debug", lines).error({ circle }, "failed");
  expect(lines.all).toMatchObject([{ circle: { inside: { name: "circle" } } }]);
});
