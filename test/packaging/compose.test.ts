import { parse } from "yaml";
import { environmentSchema, loadConfig } from "../../src/config/schema.js";
import { blocksOf, readDoc, sectionOf } from "../docs/markdown.js";

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<
    Record<string, { readonly condition: string; readonly required?: boolean }>
  >;
  readonly profiles?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
}

const { services, volumes, configs } = parse(readDoc("compose.yaml")) as {
  readonly services: Readonly<Record<"gateway" | "postgres" | "pgbouncer", Service>>;
  readonly volumes: object;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
};
const { gateway, postgres, pgbouncer } = services;

const secrets = { ROLLCALL_ADMIN_KEY: "a".repeat(32), POSTGRES_PASSWORD: "secret" };

/** Interpolates variables as Compose does: `:?` requires a value, `:-` has a default, `:+` an alternative. */
function filledIn(value: string, env: Readonly<Record<string, string>> = secrets): string {
  const inner = /\$\{(\w+):([-?+])([^${}]*)\}/g;
  const filled = value.replace(inner, (_all, name: string, how: string, other: string) => {
    const known = env[name] ?? "";
    if (how === "?" && known === "") throw new Error(`${name} is demanded`);
    if (how === "+") return known === "" ? "" : other;
    return known === "" ? other : known;
  });
  return filled === value ? value : filledIn(filled, env);
}

const environmentOf = ({ environment }: Service, env?: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, filledIn(value, env)]),
  );

describe("compose.yaml", () => {
  it("compose.yaml sets known variables to valid values", () => {
    expect(Object.keys(environmentSchema.shape)).toEqual(
      expect.arrayContaining(Object.keys(gateway.environment)),
    );
    const { database, host } = loadConfig(environmentOf(gateway));
    expect(database.directUrl).toBeUndefined();
    const { username, password, hostname, pathname } = new URL(database.url ?? "");
    expect([username, password, hostname, pathname]).toEqual([
      postgres.environment["POSTGRES_USER"],
      filledIn(postgres.environment["POSTGRES_PASSWORD"] ?? ""),
      "postgres",
      `/${postgres.environment["POSTGRES_DB"]}`,
    ]);
    expect(host).toBe("::");
  });

  it("compose.yaml requires secrets and contains none", () => {
    const demanded = [...readDoc("compose.yaml").matchAll(/\$\{(\w+):\?\}/g)];
    expect(new Set(demanded.map(([, name]) => name))).toEqual(
      new Set(["POSTGRES_PASSWORD", "ROLLCALL_ADMIN_KEY"]),
    );
  });

  it("compose.yaml starts the gateway after a healthy Postgres and has health checks", () => {
    const well = { condition: "service_healthy" };
    expect(gateway.depends_on).toEqual({
      postgres: well,
      pgbouncer: { ...well, required: false },
    });
    expect(postgres.healthcheck?.test[1]).toBe("pg_isready");
    expect(readDoc("Dockerfile")).toMatch(/^HEALTHCHECK .*\/healthz/m);
  });

  it("compose.yaml gives the gateway enough time to stop and keeps its data", () => {
    const { drain } = loadConfig({ NODE_ENV: "production" });
    const seconds = Number.parseInt(gateway.stop_grace_period ?? "", 10);
    expect(seconds * 1000).toBeGreaterThan(drain.timeoutMs + 5000);
    const [volume = ""] = postgres.volumes ?? [];
    expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
  });

  it("the pgbouncer profile routes the gateway through PgBouncer and past it where needed", () => {
    const [profile = ""] = pgbouncer.profiles ?? [];
    expect(readDoc("docs/operations.md")).toContain(`COMPOSE_PROFILES=${profile}`);
    const { database } = loadConfig(
      environmentOf(gateway, { ...secrets, COMPOSE_PROFILES: profile }),
    );
    const [pooled, direct] = [new URL(database.url ?? ""), new URL(database.directUrl ?? "")];
    expect(services).toHaveProperty(pooled.hostname, pgbouncer);
    expect(services).toHaveProperty(direct.hostname, postgres);
    expect(Object.assign(pooled, { host: direct.host }).href).toBe(direct.href);
    expect(filledIn(configs["userlist.txt"]?.content ?? "")).toBe(
      `"${direct.username}" "${direct.password}"\n`,
    );
    expect(pgbouncer.image).toMatch(/:v1\.(2[2-9]|[3-9]\d)\.\d+-p\d+$/);
  });

  it("compose.yaml gives PgBouncer the settings of docs/operations.md", () => {
    const [documented] = blocksOf(sectionOf(readDoc("docs/operations.md"), "Behind PgBouncer"));
    const ours = documented?.text
      .replace("host=db.example.com", "host=postgres")
      .replace("listen_addr = 127.0.0.1", "listen_addr = 0.0.0.0")
      .replace("listen_port = 6432", "listen_port = 5432\nunix_socket_dir =");
    expect(configs["pgbouncer.ini"]?.content).toBe(ours);
    const { statementTimeoutMs } = loadConfig({ NODE_ENV: "production" }).database;
    expect(ours).toContain(`statement_timeout = ${statementTimeoutMs};`);
    for (const { source, target } of pgbouncer.configs ?? []) {
      expect(configs).toHaveProperty([source]);
      expect(`${pgbouncer.entrypoint?.join(" ")} ${ours}`).toContain(target);
    }
  });
});
