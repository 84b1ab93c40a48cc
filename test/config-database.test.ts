import { loadConfig } from "../src/config/schema.js";

it("with a database of the operator's own it listens everywhere, unless told where", () => {
  const DATABASE_URL = "postgres://db/rollcall";
  expect(loadConfig({ DATABASE_URL }).host).toBe("::");
  expect(loadConfig({ DATABASE_URL, ROLLCALL_HOST: "10.0.0.1" }).host).toBe("10.0.0.1");
});

it("the direct way to a database is of no use without the one through the pooler", () => {
  expect(() => loadConfig({ DATABASE_DIRECT_URL: "postgres://db/rollcall" })).toThrow(
    "DATABASE_DIRECT_URL: goes with DATABASE_URL, which is not set",
  );
});
