import { loadConfig } from "../src/config/schema.js";

it("with DATABASE_URL the gateway listens on all addresses unless ROLLCALL_HOST is set", () => {
  const DATABASE_URL = "postgres://db/rollcall";
  expect(loadConfig({ DATABASE_URL }).host).toBe("::");
  expect(loadConfig({ DATABASE_URL, ROLLCALL_HOST: "10.0.0.1" }).host).toBe("10.0.0.1");
});

it("DATABASE_DIRECT_URL is refused without DATABASE_URL", () => {
  expect(() => loadConfig({ DATABASE_DIRECT_URL: "postgres://db/rollcall" })).toThrow(
    "DATABASE_DIRECT_URL: goes with DATABASE_URL, which is not set",
  );
});
