import { parse } from "yaml";
import { environmentSchema, loadConfig } from "../../src/config.js";
import { readDoc } from "../docs/markdown.js";

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
}

const { services, volumes } = parse(readDoc("compose.yaml")) as {
  readonly services: Readonly<Record<"gateway" | "postgres", Service>>;
  readonly volumes: object;
};
const { gateway, postgres } = services;

/** With the secrets that `.env` would hold. */
const filledIn = (value: string): string =>
  value
    .replace(/\$\{ROLLCALL_ADMIN_KEY:\?\}/, "a".repeat(32))
    .replace(/\$\{\w+:\?\}/, "secret")
    .replace(/\$\{\w+:-\}/, "");

describe("compose.yaml", () => {
  it("sets variables that the gateway reads, to what it takes", () => {
    expect(Object.keys(environmentSchema.shape)).toEqual(
      expect.arrayContaining(Object.keys(gateway.environment)),
    );
    const environment = Object.fromEntries(
      Object.entries(gateway.environment).map(([name, value]) => [name, filledIn(value)]),
    );
    const { database, host } = loadConfig(environment);
    const { username, password, hostname, pathname } = new URL(database.url ?? "");
    expect([username, password, hostname, pathname]).toEqual([
      postgres.environment["POSTGRES_USER"],
      filledIn(postgres.environment["POSTGRES_PASSWORD"] ?? ""),
      "postgres",
      `/${postgres.environment["POSTGRES_DB"]}`,
    ]);
    expect(host).toBe("::");
  });

  it("demands the secrets, and holds none", () => {
    const demanded = [...readDoc("compose.yaml").matchAll(/\$\{(\w+):\?\}/g)];
    expect(new Set(demanded.map(([, name]) => name))).toEqual(
      new Set(["POSTGRES_PASSWORD", "ROLLCALL_ADMIN_KEY"]),
    );
  });

  it("starts the gateway when Postgres is well, and knows when each is", () => {
    expect(gateway.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
    expect(postgres.healthcheck?.test[1]).toBe("pg_isready");
    expect(readDoc("Dockerfile")).toMatch(/^HEALTHCHECK .*\/healthz/m);
  });

  it("leaves the gateway more time to stop than it takes, and keeps the data", () => {
    const { drain } = loadConfig({ NODE_ENV: "production" });
    const seconds = Number.parseInt(gateway.stop_grace_period ?? "", 10);
    expect(seconds * 1000).toBeGreaterThan(drain.timeoutMs + 5000);
    const [volume = ""] = postgres.volumes ?? [];
    expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
  });
});
