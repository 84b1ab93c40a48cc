import { ConfigError, environmentSchema, loadConfig } from "../src/config/schema.js";
import { variables } from "./config-variables.js";

const names = Object.keys(variables) as (keyof typeof variables)[];

/** The errors of the configuration, one line each. */
function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [title, ...faults] = (error as ConfigError).message.split("\n");
    expect(title).toBe("Invalid environment variables:");
    return faults.map((fault) => fault.trim());
  }
}

it("every variable has its table of values", () => {
  expect([...names].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
});

describe.each(names)("%s", (name) => {
  const { needs, read, byDefault, good, bad } = variables[name];

  it("a variable has a default, also for an empty value", () => {
    expect(read(loadConfig({}))).toEqual(byDefault);
    expect(read(loadConfig({ [name]: "" }))).toEqual(byDefault);
  });

  it("a valid value is parsed", () => {
    for (const [text, value] of good) {
      expect([text, read(loadConfig({ ...needs, [name]: text }))]).toEqual([text, value]);
    }
  });

  it("an invalid value is refused with the name of its variable", () => {
    for (const text of bad) {
      const faults = faultsOf({ ...needs, [name]: text });
      expect([text, faults]).toEqual([text, [expect.stringContaining(`${name}: `)]]);
    }
  });
});

it("all invalid variables are reported together", () => {
  const env = Object.fromEntries(names.map((name) => [name, variables[name].bad[0]]));
  const faulty = names.filter((name) => variables[name].bad.length > 0);
  expect(faultsOf(env).map((fault) => fault.split(":", 1)[0])).toEqual(faulty);
});

it("an invalid value is not repeated, since it may be a secret", () => {
  const env = {
    ROLLCALL_ADMIN_KEY: "hunter2 hunter2",
    DATABASE_URL: "mysql://me:hunter2@db",
    PORT: "hunter2",
    LOG_LEVEL: "hunter2",
    CLIENTEXEC_BASE_PATH: "hunter2",
  };
  expect(faultsOf(env)).toHaveLength(6);
  expect(faultsOf(env).join()).not.toContain("hunter2");
});

it("unknown variables are ignored", () => {
  const others = { PATH: "/bin", ROLLCALL_TYPO: "x", PORTS: "x", port: "x", GRAPHQL: "" };
  expect(loadConfig(others)).toEqual(loadConfig({}));
});
