import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Command } from "commander";
import { CommandLine } from "../../src/cli/command-line.js";
import { createProgram } from "../../src/cli/program.js";
import { createWorkerDatabase } from "../support/database.js";
import { build, BUILD_MS, root } from "../process/gateway-process.js";
import { rollcall, wordsOf } from "./command-run.js";

beforeAll(build, BUILD_MS);

function spawnRollcall(args: readonly string[], env: Record<string, string> = {}, stdin = "") {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(root, "dist/src/cli/main.js"), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined).end(stdin);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, stdout, stderr }));
  return { child: child as ChildProcess, ended, said: () => stdout + stderr };
}

const ESCAPE = "\u001b";

it("output has colours in a terminal or on request, and none for a program", async () => {
  const [plain, forced, refused] = await Promise.all([
    spawnRollcall(["--help"]).ended,
    spawnRollcall(["--help"], { FORCE_COLOR: "1" }).ended,
    spawnRollcall(["user", "lst"], { FORCE_COLOR: "1", NO_COLOR: "" }).ended,
  ]);
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout).toMatch(/^Usage: rollcall .*Exit codes: 0 done/s);
  expect(plain.stdout).not.toContain(ESCAPE);
  expect(forced.stdout).toContain(`${ESCAPE}[1mUsage:${ESCAPE}[22m`);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("unknown command 'lst'");
});

it("Ctrl-C ends a waiting command with exit code 130", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ROLLCALL_URL: url, ROLLCALL_KEY: "some-key" };
  const { child, ended } = spawnRollcall(["user", "list", "--json"], env);
  await once(server, "request");
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  server.closeAllConnections();
  server.close();
  expect([code, stdout]).toEqual([130, ""]);
  expect(JSON.parse(stderr)).toEqual({ error: { code: "INTERRUPTED", message: "Interrupted" } });
});

it("start runs the gateway until a signal", async () => {
  const env = { DATABASE_URL: await createWorkerDatabase(), PORT: "0", ROLLCALL_HOST: "127.0.0.1" };
  const { child, ended, said } = spawnRollcall(["start"], env);
  while (!said().includes("Rollcall is ready")) {
    await Promise.race([once(child.stderr!, "data"), ended]);
    if (child.exitCode !== null) throw new Error(said());
  }
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
});

/** The full name of every command without subcommands. */
const leaves = (command: Command, words: string[] = []): string[][] =>
  command.commands.length === 0
    ? [words]
    : command.commands
        .filter((sub) => sub.name() !== "help")
        .flatMap((sub) => leaves(sub, [...words, sub.name()]));

/** Parses the line as the program does, without running the command. @returns the name of the command */
async function understood(example: string): Promise<string[]> {
  const program = createProgram(new CommandLine({} as never));
  let found: string[] = [];
  for (const words of leaves(program)) {
    const named = (parent: Command, name: string) =>
      parent.commands.find((command) => command.name() === name) ?? parent;
    words.reduce(named, program).action(() => void (found = words));
  }
  await program.parseAsync(wordsOf(example), { from: "user" });
  return found;
}

const examplesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}\$ (rollcall .*)$/gm)].map(([, example = ""]) => example);

const commands = leaves(createProgram(new CommandLine({} as never)));

it("the main help has examples that parse", async () => {
  const examples = examplesIn((await rollcall(["--help"])).stdout);
  expect(await Promise.all(examples.map(understood))).toEqual([
    ...[["doctor"], ["user", "list"], ["key", "list"]],
  ]);
});

describe.each(commands)("%s %s", (...words) => {
  const args = words.filter((word) => typeof word === "string");

  it("the help has examples that parse", async () => {
    const { code, stdout } = await rollcall([...args, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: rollcall ${args.join(" ")}`);
    expect(stdout).toMatch(new RegExp(`Examples:\n( {2}\\$ rollcall ${args.join(" ")}.*\n)+$`));
    expect(stdout).toContain("--json");
    for (const example of examplesIn(stdout)) expect(await understood(example)).toEqual(args);
  });

  it("an unknown option is named in the error", async () => {
    const { code, stdout, stderr } = await rollcall([...args, "--no-such-option", "--json"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: "USAGE",
        message: expect.stringMatching(/--no-such-option|^required option/) as string,
      },
    });
  });
});

it.each([
  [["user", "create"], "missing required argument 'username'"],
  [["user", "create", "a", "--kind", "ROBOT"], "Allowed choices are STAFF, CUSTOMER"],
  [["user", "show", "ldap:7"], `"ldap:7" is not a reference`],
  [["user", "list", "--first", "0"], "a whole number from 1"],
  [["user", "list", "--all", "--first", "3"], "cannot be used with"],
  [["key", "create", "x"], "required option '--permission <name>'"],
  [["key", "create", "x", "--permission", "ADMIN", "--expires", "soon"], "It must be a time"],
  [["reserve", "accept", "x", "--token", "one"], "a whole number"],
  [["seed", "load", "--users", "many"], "a whole number"],
  [["user"], "A subcommand is required"],
])("%j is refused before any request with exit code 2", async (args, words) => {
  const env = { ROLLCALL_URL: "http://127.0.0.1:9", ROLLCALL_KEY: "x" };
  const { code, stderr } = await rollcall(args, { env });
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
});
