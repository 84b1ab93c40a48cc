import { type Command, Option } from "commander";
import { type CommandLine, examples, group, type CommandResult } from "../command-line.js";
import { readSecret } from "../credential.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../errors.js";
import type { GatewayClient } from "../gateway-client.js";
import type { SourceClient } from "../import/source-client.js";
import { Report } from "../import/report.js";
import type { Source } from "../import/source.js";
import { importSource } from "../import/import-source.js";
import { Progress } from "../progress.js";
import { whole } from "../argument-parsers.js";
import { painter } from "../terminal.js";

interface ImportOptions {
  readonly dryRun?: true;
  readonly existing: string;
  readonly report?: string;
  readonly json?: true;
}

interface SystemOptions extends ImportOptions {
  readonly sourceKeyFile: string;
  readonly timeout: number;
  readonly userId?: string;
  readonly clientsId?: string;
}

type ReadSystem = (source: SourceClient, options: SystemOptions) => Promise<Source>;

const common = (command: Command): Command =>
  command
    .option("--dry-run", "report the outcome of each row, and change nothing")
    .addOption(
      new Option("--existing <how>", "existing users: fill in empty fields, or replace values")
        .choices(["fill", "replace"])
        .default("fill"),
    )
    .option(
      "--report <file>",
      "write the outcome of each row to this file, one JSON object per line",
    );

export function addImportCommands(program: Command, line: CommandLine): void {
  const imports = group(
    program,
    "import",
    "import users of legacy systems; a repeated import changes nothing",
  );

  const importFrom = async (
    client: GatewayClient,
    source: Source,
    options: ImportOptions,
  ): Promise<CommandResult> => {
    const { stdout, stderr, signal } = line.terminal;
    const progress = new Progress(stderr, "Importing");
    const report = await Report.open(stdout, painter(stdout), options);
    let interruption: CliError | undefined;
    try {
      await importSource(client, source, {
        mode: options.existing.toUpperCase(),
        dryRun: options.dryRun === true,
        signal,
        onResults: async (results) => {
          progress.end();
          await report.add(results);
          progress.show(report.total, source.total());
        },
      });
    } catch (error) {
      // The rows imported before the error stay, and are reported.
      if (!(error instanceof CliError) || report.total === 0) throw error;
      interruption = error;
    } finally {
      progress.end();
    }
    const data = { summary: await report.end(), dryRun: options.dryRun === true };
    if (interruption) stderr.write(`${interruption.message}\n`);
    const exitCode = report.isClean ? exitCodes.done : exitCodes.refused;
    return { data, text: report.text, exitCode: interruption?.exitCode ?? exitCode };
  };

  common(imports.command("file"))
    .description("from a file that ends in .csv, .json or .jsonl")
    .argument("<file>", "columns or properties as in docs/import.md")
    .addHelpText("after", examples("import file people.csv --dry-run", "import file people.jsonl"))
    .action(
      line.clientAction<ImportOptions>(async (client, { args: [path = ""], options }) => {
        const { readFile } = await import("../import/files.js");
        return importFrom(client, await readFile(path), options);
      }),
    );

  const addSystem = (
    name: string,
    title: string,
    headersOf: (secret: string, options: SystemOptions) => Record<string, string>,
    read: ReadSystem,
    requiredOptions = "",
  ): Command =>
    common(imports.command(name))
      .description(`from the REST API of ${title}`)
      .argument(
        "<address>",
        "base address, such as https://desk.example.com, without the API's path",
      )
      .requiredOption("--source-key-file <file>", "file with its credential; - for standard input")
      .option("--timeout <seconds>", "timeout of each request", whole(1, 3600), 60)
      .addHelpText(
        "after",
        examples(
          `import ${name} https://desk.example.com --source-key-file ./key${requiredOptions} --dry-run`,
        ),
      )
      .action(
        line.clientAction<SystemOptions>(async (client, { args: [address = ""], options }) => {
          const secret = await readSecret(options.sourceKeyFile, line.terminal);
          const { SourceClient: Server } = await import("../import/source-client.js");
          const { signal } = line.terminal;
          const headers = headersOf(secret, options);
          const server = new Server(address, headers, options.timeout * 1000, signal);
          return importFrom(client, await read(server, options), options);
        }),
      );

  const systems = () => import("../import/systems.js");
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

  addSystem(
    "omnidesk",
    "Omnidesk",
    (secret) => ({ apikey: secret }),
    async (server) => (await systems()).readOmnidesk(server),
  );
  addSystem(
    "rocket-chat",
    "Rocket.Chat",
    (secret, { userId = "" }) => ({ "x-auth-token": secret, "x-user-id": userId }),
    async (server) => (await systems()).readRocketChat(server),
    " --user-id aobEdbYhXfu5hkeqG",
  ).requiredOption("--user-id <id>", "user id that belongs to the token");
  addSystem("jtel", "jtel", bearer, async (server, { clientsId = "1" }) =>
    (await systems()).readJtel(server, clientsId),
  ).option("--clients-id <id>", "the tenant", "1");
  addSystem("clientexec", "Clientexec: the users online now and recently", bearer, async (server) =>
    (await systems()).readClientexec(server),
  );
}
