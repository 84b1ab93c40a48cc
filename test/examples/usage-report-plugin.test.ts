import {
  build,
  BUILD_MS,
  cleanUp,
  givenDataDir,
  launch,
  start,
} from "../process/gateway-process.js";

beforeAll(build, BUILD_MS);
afterAll(cleanUp);

const PLUGIN = "examples/usage-report-plugin/plugin.mjs";

interface Usage {
  readonly msg: string;
  readonly worker?: number;
  readonly operation: string;
  readonly count: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly errors: Record<string, number>;
}

const usageIn = (output: string): Usage[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Usage)
    .filter(({ msg }) => msg === "usage");

it.each([1, 2])("the example reports the usage of %i processes when they stop", async (workers) => {
  const gateway = await start({
    ROLLCALL_DATA_DIR: givenDataDir(),
    ROLLCALL_WORKERS: String(workers),
    GRAPHQL_PLUGINS: PLUGIN,
  });
  const ask = (query: string) => gateway.ask(gateway.demoKey, query, { connection: "close" });
  for (let i = 0; i < 10; i += 1) {
    expect((await ask("query Viewer { viewer { name } }")).status).toBe(200);
  }
  expect((await ask("{ users(first: 101) { nodes { id } } }")).errors).toHaveLength(1);
  expect(
    (await ask(`mutation { createGroup(input: { name: "" }) { group { id } } }`)).errors,
  ).toHaveLength(1);
  const { code, output } = await gateway.end("SIGTERM");
  expect(code).toBe(0);

  const usage = usageIn(output);
  const countOf = (name: string) =>
    usage.reduce((sum, { operation, count }) => sum + (operation === name ? count : 0), 0);
  const errorsOf = (name: string) => usage.find(({ operation }) => operation === name)?.errors;
  expect(countOf("query Viewer")).toBe(10);
  expect(errorsOf("query Viewer")).toEqual({});
  expect(errorsOf("query (unnamed)")).toEqual({ BAD_USER_INPUT: 1 });
  expect(errorsOf("mutation (unnamed)")).toEqual({ BAD_USER_INPUT: 1 });
  for (const { meanMs, maxMs } of usage) expect(maxMs).toBeGreaterThanOrEqual(meanMs);
});

it("the example reports the usage of each interval", async () => {
  const gateway = await start({
    ROLLCALL_DATA_DIR: givenDataDir(),
    GRAPHQL_PLUGINS: PLUGIN,
    USAGE_REPORT_SECONDS: "0.2",
  });
  await gateway.ask(gateway.demoKey, "query Viewer { viewer { name } }");
  while (usageIn(gateway.output()).length === 0) await new Promise((done) => setTimeout(done, 50));
  expect(usageIn(gateway.output())).toMatchObject([{ operation: "query Viewer", count: 1 }]);
  await gateway.end("SIGTERM");
});

it.each(["1", "2"])(
  "a plugin that does not exist stops the start of %s processes",
  async (workers) => {
    const { code, output } = await launch({
      ROLLCALL_DATA_DIR: givenDataDir(),
      ROLLCALL_WORKERS: workers,
      GRAPHQL_PLUGINS: "./missing.mjs",
    }).ended;
    expect(code).toBe(1);
    expect(output).toContain("GRAPHQL_PLUGINS: ./missing.mjs cannot be loaded: ");
    expect(output).not.toMatch(/^ +at /m);
  },
);
