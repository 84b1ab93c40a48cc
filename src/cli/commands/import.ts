import { type Command, Option } from "commander";
import { type CommandLine, examples, group, type Told } from "../command-line.js";
import { readSecret } from "../credential.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../faults.js";
import type { Gateway } from "../gateway.js";
import type { OldServer } from "../import/old-server.js";
import { Report } from "../import/report.js";
import type { Source } from "../import/source.js";
import { takeIn } from "../import/take-in.js";
import { Progress } from "../progress.js";
import { whole } from "../readers.js";
import { painter } from "../terminal.js";

interface ImportOptions {
  readonly dryRun?: true;
  readonly existing: string;
  readonly report?: string;
  readonly json?: true;
}

interface ServerOptions extends ImportOptions {
  readonly sourceKeyFile: string;
  readonly timeout: number;
  readonly userId?: string;
  readonly clientsId?: string;
}

type ReadServer = (server: OldServer, options: ServerOptions) => Promise<Source>;

const common = (command: Command): Command =>
  command
    .option("--dry-run", "tell what would become of each row, and change nothing")
    .addOption(
      new Option(
        "--existing <how>",
        "people who are here already: fill in what is empty, or replace",
      )
        .choices(["fill", "replace"])
        .default("fill"),
    )
    .option("--report <file>", "write what became of each row there, a JSON object a line");

export function addImportCommands(program: Command, line: CommandLine): void {
  const imports = group(
    program,
    "import",
    "take people of old systems in; doing it again changes nothing",
  );

  const take = async (gateway: Gateway, source: Source, options: ImportOptions): Promise<Told> => {
    const { stdout, stderr, signal } = line.terminal;
    const progress = new Progress(stderr, "Importing");
    const report = await Report.open(stdout, painter(stdout), options);
    let interruption: CliError | undefined;
    try {
      await takeIn(gateway, source, {
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
      // What was done until then is done, and is told as well.
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
    .argument("<file>", "its columns or properties are those of docs/import.md")
    .addHelpText("after", examples("import file people.csv --dry-run", "import file people.jsonl"))
    .action(
      line.asking<ImportOptions>(async (gateway, { args: [path = ""], options }) => {
        const { readFile } = await import("../import/files.js");
        return take(gateway, await readFile(path), options);
      }),
    );

  const server = (
    name: string,
    title: string,
    headersOf: (secret: string, options: ServerOptions) => Record<string, string>,
    read: ReadServer,
    needed = "",
  ): Command =>
    common(imports.command(name))
      .description(`from the REST API of ${title}`)
      .argument("<address>", "such as https://desk.example.com, before the API's own path")
      .requiredOption(
        "--source-key-file <file>",
        "its credential is in there; - for standard input",
      )
      .option("--timeout <seconds>", "how long it may take to answer", whole(1, 3600), 60)
      .addHelpText(
        "after",
        examples(
          `import ${name} https://desk.example.com --source-key-file ./key${needed} --dry-run`,
        ),
      )
      .action(
        line.asking<ServerOptions>(async (gateway, { args: [address = ""], options }) => {
          const secret = await readSecret(options.sourceKeyFile, line.terminal);
          const { OldServer: Server } = await import("../import/old-server.js");
          const { signal } = line.terminal;
          const headers = headersOf(secret, options);
          const old = new Server(address, headers, options.timeout * 1000, signal);
          return take(gateway, await read(old, options), options);
        }),
      );

  const systems = () => import("../import/systems.js");
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

  server(
    "omnidesk",
    "Omnidesk",
    (secret) => ({ apikey: secret }),
    async (old) => (await systems()).readOmnidesk(old),
  );
  server(
    "rocket-chat",
    "Rocket.Chat",
    (secret, { userId = "" }) => ({ "x-auth-token": secret, "x-user-id": userId }),
    async (old) => (await systems()).readRocketChat(old),
    " --user-id aobEdbYhXfu5hkeqG",
  ).requiredOption("--user-id <id>", "whose the token is");
  server("jtel", "jtel", bearer, async (old, { clientsId = "1" }) =>
    (await systems()).readJtel(old, clientsId),
  ).option("--clients-id <id>", "the tenant", "1");
  server("clientexec", "Clientexec: who is online, and who was lately", bearer, async (old) =>
    (await systems()).readClientexec(old),
  );
}
