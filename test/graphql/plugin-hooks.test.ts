import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPlugins } from "../../src/graphql/plugins.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { graphqlClient } from "../support/graphql-client.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { makeTempDir } from "../support/temp-dir.js";

let gateway: TestGateway;
let admin: string;
beforeAll(async () => {
  gateway = await startTestGateway({ LOG_LEVEL: "silent" });
  admin = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

describe("the modules of GRAPHQL_PLUGINS", () => {
  const directory = makeTempDir();
  let files = 0;
  const moduleOf = (source: string): string => {
    const path = join(directory, `${(files += 1)}.cjs`);
    writeFileSync(path, source);
    return path;
  };

  it("a module of GRAPHQL_PLUGINS may export one plugin or several", async () => {
    const one = moduleOf("module.exports = { requestDidStart() {} };");
    const two = moduleOf("module.exports = [{ serverWillStart() {} }, { requestDidStart() {} }];");
    expect(await loadPlugins([one, two])).toHaveLength(3);
  });

  it.each([
    ["exports nothing", ""],
    ["exports an empty array", "module.exports = [];"],
    ["exports a function", "module.exports = () => ({ requestDidStart() {} });"],
    ["exports an object without hooks", "module.exports = { requestdidstart() {} };"],
    ["exports an array with anything else", "module.exports = [{ requestDidStart() {} }, null];"],
  ])("a module of GRAPHQL_PLUGINS is refused at the start when it %s", async (_what, source) => {
    const path = moduleOf(source);
    await expect(loadPlugins([path])).rejects.toThrow(
      `GRAPHQL_PLUGINS: ${path} must export a plugin of Apollo Server, or an array of them, as its default.`,
    );
  });

  it.each([
    ["fails", "throw new Error('out of order');", "out of order"],
    ["does not parse", "module.exports = {", "Unexpected token"],
  ])(
    "a module of GRAPHQL_PLUGINS is refused at the start when it %s",
    async (_what, source, reason) => {
      const path = moduleOf(source);
      const loading = loadPlugins([path]);
      await expect(loading).rejects.toThrow(`GRAPHQL_PLUGINS: ${path} cannot be loaded: `);
      await expect(loading).rejects.toThrow(reason);
    },
  );

  it("a module of GRAPHQL_PLUGINS that does not exist is refused at the start", async () => {
    const path = join(directory, "missing.mjs");
    await expect(loadPlugins([path])).rejects.toThrow(
      `GRAPHQL_PLUGINS: ${path} cannot be loaded: `,
    );
  });

  it("a plugin that fails to start stops the start of the gateway", async () => {
    const plugin = moduleOf(
      "module.exports = { async serverWillStart() { throw new Error('no quota'); } };",
    );
    await expect(startSecondGateway(gateway, { GRAPHQL_PLUGINS: plugin })).rejects.toThrow(
      "GRAPHQL_PLUGINS: a plugin failed to start: no quota",
    );
  });
});

describe("a plugin", () => {
  /** A plugin that records its hooks, sets a header, and refuses operations of one name. */
  const RECORDING = `
    const { GraphQLError } = require(${JSON.stringify(require.resolve("graphql"))});
    const calls = (globalThis.recordedHooks = []);
    module.exports = {
      async requestDidStart({ request, contextValue }) {
        calls.push(["request", request.operationName ?? null, contextValue.actor.name, request.http.method,
          request.http.headers.get("x-client"), request.http.headers.has("authorization")]);
        return {
          async didResolveOperation({ operation, operationName }) {
            calls.push([operation.operation, operationName]);
            if (operationName === "Refused")
              throw new GraphQLError("Not today", { extensions: { code: "TEAPOT", http: { status: 418 } } });
          },
          async didEncounterErrors({ errors }) { calls.push(errors.map(({ message }) => message)); },
          async willSendResponse({ response }) {
            response.http.headers.set("x-plugin", "seen");
            calls.push([response.body.singleResult.data ? "data" : "no data"]);
          },
        };
      },
    };`;
  let recording: SecondGateway;
  let client: ReturnType<typeof graphqlClient>;
  beforeAll(async () => {
    const path = join(makeTempDir(), "recording.cjs");
    writeFileSync(path, RECORDING);
    recording = await startSecondGateway(gateway, { GRAPHQL_PLUGINS: path });
    client = graphqlClient(recording.url);
  });
  afterAll(async () => {
    client?.close();
    await recording?.stop();
  });

  const ask = async (query: string) => {
    const response = await client.ask(admin, query, undefined, { "x-client": "test" });
    const { recordedHooks } = globalThis as unknown as { recordedHooks: unknown[] };
    return { ...response, hooks: recordedHooks.splice(0) };
  };

  it("a plugin sees a successful operation with its caller, and sets headers", async () => {
    const { status, headers, data, hooks } = await ask("query Who { viewer { name } }");
    const { name } = data?.["viewer"] as { name: string };
    expect([status, headers.get("x-plugin")]).toEqual([200, "seen"]);
    expect(hooks).toEqual([
      ["request", null, name, "POST", "test", false],
      ["query", "Who"],
      ["data"],
    ]);
  });

  it("a plugin sees the errors of an operation", async () => {
    const { hooks } = await ask("query Page { users(first: 101) { nodes { id } } }");
    expect(hooks.slice(1)).toEqual([
      ["query", "Page"],
      [expect.stringMatching(/^first: /)],
      ["no data"],
    ]);
  });

  it("a plugin refuses an operation with a status and a code of its own", async () => {
    const { status, errors } = await ask("query Refused { viewer { name } }");
    expect({ status, errors }).toEqual({
      status: 418,
      errors: [{ message: "Not today", extensions: { code: "TEAPOT" } }],
    });
  });

  it("a plugin sees no request that was refused before its execution", async () => {
    const { status, hooks } = await ask("{ nothing }");
    expect([status, hooks]).toEqual([400, []]);
  });
});
