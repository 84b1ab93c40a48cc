import { Argument, type Command, Option } from "commander";
import { MAX_INT32 } from "../../domain/integer.js";
import { type CommandLine, examples, group } from "../command-line.js";
import { readSecret } from "../credential.js";
import type { Gateway } from "../gateway.js";
import { PERSON, externalId, personBy } from "../person.js";
import { collect, whole } from "../readers.js";
import { CliError } from "../faults.js";
import { exitCodes } from "../exit-codes.js";
import { listUsers } from "./user-list.js";
import { USER, type UserData, usersText, userText } from "./user-text.js";

const KINDS = ["STAFF", "CUSTOMER"];
const ROLES = ["AGENT", "MANAGER"];

const CREATE = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { ...Person } } } ${USER}`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { ...Person } } } ${USER}`;
const DEACTIVATE = `mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) { user { ...Person } } } ${USER}`;
const SHOW = `query ($by: UserBy!) { user(by: $by) { ...Person permissions } } ${USER}`;
const REGISTER = `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) { user { ...Person } } } ${USER}`;
const REMOVE = `mutation ($input: RemoveAgentInput!) { removeAgent(input: $input) { user { ...Person } } } ${USER}`;

interface ProfileOptions {
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly telephone?: string;
  readonly language?: string;
  readonly dateFormat?: string;
  readonly permission?: string[];
  readonly passwordFile?: string;
}

interface ListOptions {
  readonly search?: string;
  readonly kind?: string;
  readonly role?: string;
  readonly active?: true;
  readonly inactive?: true;
  readonly first: number;
  readonly all?: true;
}

const person = () => new Argument("<person>", PERSON);

const withProfile = (command: Command): Command =>
  command
    .option("--firstname <name>")
    .option("--lastname <name>")
    .option("--email <address>")
    .option("--telephone <number>", "in E.164 form, such as +31201234567")
    .option("--language <code>", "such as en or pt-BR")
    .option("--date-format <format>", "such as en_GB, or iso")
    .option("--permission <name>", "what the person may do; can be repeated", collect)
    .option("--password-file <file>", "the password is in there; - for standard input");

/** What stands in a mutation, whatever it is called. */
async function changedUser(gateway: Gateway, document: string, input: object) {
  const data = await gateway.ask<Record<string, { user: UserData }>>(document, { input });
  const [{ user } = { user: undefined }] = Object.values(data);
  if (!user) throw new Error("the gateway answered nothing");
  return { data: user, text: userText(user) };
}

export function addUserCommands(program: Command, line: CommandLine): void {
  const users = group(program, "user", "people: make, look up, change, deactivate");

  const profile = async (options: ProfileOptions) => {
    const { firstname, lastname, email, telephone, language, dateFormat, permission } = options;
    const password =
      options.passwordFile === undefined
        ? undefined
        : await readSecret(options.passwordFile, line.terminal);
    const given = { firstname, lastname, email, telephone, language, dateFormat, password };
    return { ...given, permissions: permission };
  };

  withProfile(users.command("create"))
    .description("make a person")
    .argument("<username>", "the login name")
    .addOption(new Option("--kind <kind>", "without it: STAFF").choices(KINDS))
    .option("--external <system:id>", "an id in an old system, such as jtel:7; repeatable", collect)
    .addHelpText(
      "after",
      examples(
        "user create ada.lovelace --firstname Ada --lastname Lovelace --email ada@example.com",
        "user create grace --external jtel:42 --permission USER_READ --password-file -",
      ),
    )
    .action(
      line.asking<ProfileOptions & { kind?: string; external?: string[] }>(
        async (gateway, { args: [username], options }) => {
          const externalIds = options.external?.map(externalId);
          const { kind } = options;
          const input = { ...(await profile(options)), username, kind, externalIds };
          return changedUser(gateway, CREATE, input);
        },
      ),
    );

  users
    .command("show")
    .description("all that is known of a person")
    .addArgument(person())
    .addHelpText("after", examples("user show ada.lovelace", "user show jtel:42 --json"))
    .action(
      line.asking(async ({ ask }, { args: [word = ""] }) => {
        const { user } = await ask<{ user: UserData | null }>(SHOW, { by: personBy(word) });
        if (user) return { data: user, text: userText(user) };
        throw new CliError("NOT_FOUND", `Nobody is ${word}`, exitCodes.refused);
      }),
    );

  users
    .command("list")
    .description("people, by username")
    .option("--search <words>", "every word in the username, name, e-mail address or telephone")
    .addOption(new Option("--kind <kind>").choices(KINDS))
    .addOption(new Option("--role <role>").choices(ROLES))
    .option("--active", "only those who are")
    .addOption(new Option("--inactive", "only the deactivated").conflicts("active"))
    .option("--first <count>", "how many", whole(1, 1_000_000), 50)
    .addOption(new Option("--all", "everybody").conflicts("first"))
    .addHelpText(
      "after",
      examples("user list --search lovelace", "user list --role AGENT --all --json"),
    )
    .action(
      line.asking<ListOptions>(async (gateway, { options }) => {
        const { search, kind, role: livechatRole } = options;
        const active = options.active ?? (options.inactive ? false : undefined);
        const max = options.all ? Infinity : options.first;
        const filter = { search, kind, livechatRole, active };
        const { users: found, hasMore } = await listUsers(gateway, filter, max);
        const note = hasMore ? "There are more: ask with --first or --all" : undefined;
        return { data: found, text: usersText(found), ...(note && { note }) };
      }),
    );

  withProfile(users.command("update"))
    .description("change what is named, and nothing else")
    .addArgument(person())
    .option("--username <name>", "another login name")
    .option("--expected-version <version>", "refuse if changed since", whole(1, MAX_INT32))
    .addHelpText("after", examples("user update ada.lovelace --telephone +31201234567"))
    .action(
      line.asking<ProfileOptions & { username?: string; expectedVersion?: number }>(
        async (gateway, { args: [word = ""], options }) => {
          const { username, expectedVersion } = options;
          const named = { user: personBy(word), username, expectedVersion };
          return changedUser(gateway, UPDATE, { ...(await profile(options)), ...named });
        },
      ),
    );

  users
    .command("deactivate")
    .description("sign a person out everywhere and keep them out; nothing is deleted")
    .addArgument(person())
    .option("--expected-version <version>", "refuse if changed since", whole(1, MAX_INT32))
    .addHelpText("after", examples("user deactivate email:ada@example.com"))
    .action(
      line.asking<{ expectedVersion?: number }>((gateway, { args: [word = ""], options }) =>
        changedUser(gateway, DEACTIVATE, {
          user: personBy(word),
          expectedVersion: options.expectedVersion,
        }),
      ),
    );

  users
    .command("activate")
    .description("let a deactivated person in again")
    .addArgument(person())
    .addHelpText("after", examples("user activate ada.lovelace"))
    .action(
      line.asking((gateway, { args: [word = ""] }) =>
        changedUser(gateway, UPDATE, { user: personBy(word), active: true }),
      ),
    );

  for (const [name, document, description] of [
    ["give-role", REGISTER, "give a role in live channels"],
    ["take-role", REMOVE, "take a role in live channels away; the person stays"],
  ] as const) {
    users
      .command(name)
      .description(description)
      .addArgument(person())
      .addArgument(new Argument("<role>", "which").choices(ROLES))
      .addHelpText("after", examples(`user ${name} ada.lovelace AGENT`))
      .action(
        line.asking((gateway, { args: [word = "", role] }) =>
          changedUser(gateway, document, { user: personBy(word), role }),
        ),
      );
  }
}
