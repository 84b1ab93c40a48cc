import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileFields } from "../../src/cli/import/files.js";
import { importOutcomes } from "../../src/domain/vocabulary.js";
import { makeTempDir } from "../support/temp-dir.js";
import { exitCodes } from "../../src/cli/exit-codes.js";
import { build, BUILD_MS, root } from "../process/gateway-process.js";
import { type Around, rollcall, wordsOf } from "../cli/command-run.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { blocksOf, readDoc, sectionOf, tableIn } from "./markdown.js";

const document = readDoc("docs/cli.md");
const lines = blocksOf(document)
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.split("\n"))
  .filter((line) => line !== "");
const commands = lines.filter((line) => line.startsWith("rollcall "));
const ofTheShell = lines.filter((line) => !commands.includes(line));

let gateway: TestGateway;
let remote: Around;
let local: Around;
beforeAll(async () => {
  await build();
  gateway = await startTestGateway();
  const key = await gateway.givenKey("ADMIN");
  const { url } = gateway.dataSource.options as { url: string };
  remote = { env: { ROLLCALL_URL: gateway.url, ROLLCALL_KEY: key } };
  local = { env: { DATABASE_URL: url } };
}, BUILD_MS);
afterAll(() => gateway.stop());

it("the commands of docs/cli.md run in order", async () => {
  const ids = new Map<string, string>();
  for (const command of commands) {
    const words = wordsOf(command).map(
      (word) => ids.get(word) ?? word.replace("http://localhost:4000", gateway.url),
    );
    // Once the address is set, all but the operator's commands run over GraphQL.
    const isLocal = ["migrate", "seed"].includes(words[0] ?? "") || words[2] === "first";
    const { code, stdout, stderr } = await rollcall(words, isLocal ? local : remote);
    expect({ command, code, stderr: code === 0 ? "" : stderr }).toEqual({
      command,
      code: 0,
      stderr: "",
    });
    const [, id] = /^id +(\S+)$/m.exec(stdout) ?? [];
    if (id !== undefined) ids.set(`${id.slice(0, 4)}…`, id);
  }
  expect(commands.length).toBeGreaterThan(20);
});

it("the shell lines of docs/cli.md run in a checkout", async () => {
  const script = [...ofTheShell, 'echo "$ROLLCALL_URL $ROLLCALL_KEY"'].join("\n");
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)("sh", ["-euc", script], {
    cwd: root,
    env: { PATH, HOME, NO_UPDATE_NOTIFIER: "1" },
  });
  expect(stdout).toMatch(/^Usage: rollcall .*Exit codes: .*\nhttp:\S+ rollcall_key_\S+\n$/s);
});

it("the commands of docs/import.md run, and it names every field of a file", async () => {
  const page = readDoc("docs/import.md");
  const directory = makeTempDir();
  const key = remote.env?.["ROLLCALL_KEY"] ?? "";
  writeFileSync(join(directory, "source-key"), key);
  writeFileSync(join(directory, "people.csv"), "username\nada.of.file\n");
  const lines = page.split("\n").filter((line) => line.startsWith("rollcall import "));
  for (const line of lines) {
    const words = wordsOf(line).map((word) =>
      word.replace(/^\.\//, `${directory}/`).replace("http://localhost:5000", gateway.url),
    );
    // The import finds the gateway's own users. The test checks only that it reads the dialect.
    const { code, stderr } = await rollcall(words, remote);
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
  }
  expect(lines.length).toBeGreaterThanOrEqual(6);
  expect(fileFields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  const listed = tableIn(sectionOf(page, "Row outcomes")).map(([word]) => word);
  expect(listed).toEqual(importOutcomes.map((word) => word.toLowerCase()));
});

it("docs/cli.md lists the exit codes", () => {
  const listed = tableIn(sectionOf(document, "Scripting")).map(([code]) => Number(code));
  expect(listed).toEqual(Object.values(exitCodes));
});
