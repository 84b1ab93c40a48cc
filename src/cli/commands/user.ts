import { Argument, type Command, Option } from "commander";
import { MAX_INT32 } from "../../domain/integer.js";
import { type CommandLine, examples, group } from "../command-line.js";
import { readSecret } from "../credential.js";
import type { GatewayClient } from "../gateway-client.js";
import { USER_ARGUMENT, externalId, userBy } from "../user-argument.js";
import { collect, whole } from "../argument-parsers.js";
import { CliError } from "../errors.js";
import { exitCodes } from "../exit-codes.js";
import { listUsers } from "./user-list.js";
import { USER, type UserData, usersText, userText } from "./user-text.js";

const KINDS = ["STAFF", "CUSTOMER"];
const ROLES = ["AGENT", "MANAGER"];

const CREATE = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { ...UserFields } } } ${USER}`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { ...UserFields } } } ${USER}`;
const DEACTIVATE = `mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) { user { ...UserFields } } } ${USER}`;
const SHOW = `query ($by: UserBy!) { user(by: $by) { ...UserFields permissions } } ${USER}`;
const REGISTER = `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) { user { ...UserFields } } } ${USER}`;
const REMOVE = `mutation ($input: RemoveAgentInput!) { removeAgent(input: $input) { user { ...UserFields } } } ${USER}`;

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

const userArgument = () => new Argument("<user>", USER_ARGUMENT);

const withProfile = (command: Command): Command =>
  command
    .option("--firstname <name>")
    .option("--lastname <name>")
    .option("--email <address>")
    .option("--telephone <number>", "in E.164 form, such as +31201234567")
    .option("--language <code>", "such as en or pt-BR")
    .option("--date-format <format>", "such as en_GB, or iso")
    .option("--permission <name>", "a permission of the user; repeatable", collect)
    .option("--password-file <file>", "file with the password; - for standard input");

/** The user in a mutation's payload, whatever the mutation's name. */
async function changedUser(client: GatewayClient, document: string, input: object) {
  const data = await client.request<Record<string, { user: UserData }>>(document, { input });
  const [{ user } = { user: undefined }] = Object.values(data);
  if (!user) throw new Error("the gateway returned no data");
  return { data: user, text: userText(user) };
}

export function addUserCommands(program: Command, line: CommandLine): void {
  const users = group(program, "user", "users: create, show, change, deactivate");

  const profile = async (options: ProfileOptions) => {
    const { firstname, lastname, email, telephone, language, dateFormat, permission } = options;
    const password =
      options.passwordFile === undefined
        ? undefined
        : await readSecret(options.passwordFile, line.terminal);
    const fields = { firstname, lastname, email, telephone, language, dateFormat, password };
    return { ...fields, permissions: permission };
  };

  withProfile(users.command("create"))
    .description("create a user")
    .argument("<username>", "the login name")
    .addOption(new Option("--kind <kind>", "default: STAFF").choices(KINDS))
    .option(
      "--external <system:id>",
      "an id in a legacy system, such as jtel:7; repeatable",
      collect,
    )
    .addHelpText(
      "after",
      examples(
        "user create ada.lovelace --firstname Ada --lastname Lovelace --email ada@example.com",
        "user create grace --external jtel:42 --permission USER_READ --password-file -",
      ),
    )
    .action(
      line.clientAction<ProfileOptions & { kind?: string; external?: string[] }>(
        async (client, { args: [username], options }) => {
          const externalIds = options.external?.map(externalId);
          const { kind } = options;
          const input = { ...(await profile(options)), username, kind, externalIds };
          return changedUser(client, CREATE, input);
        },
      ),
    );

  users
    .command("show")
    .description("print a user")
    .addArgument(userArgument())
    .addHelpText("after", examples("user show ada.lovelace", "user show jtel:42 --json"))
    .action(
      line.clientAction(async ({ request }, { args: [argument = ""] }) => {
        const { user } = await request<{ user: UserData | null }>(SHOW, { by: userBy(argument) });
        if (user) return { data: user, text: userText(user) };
        throw new CliError("NOT_FOUND", `There is no user ${argument}`, exitCodes.refused);
      }),
    );

  users
    .command("list")
    .description("list users, by username")
    .option(
      "--search <words>",
      "words that all occur in username, name, e-mail address or telephone",
    )
    .addOption(new Option("--kind <kind>").choices(KINDS))
    .addOption(new Option("--role <role>").choices(ROLES))
    .option("--active", "only active users")
    .addOption(new Option("--inactive", "only deactivated users").conflicts("active"))
    .option("--first <count>", "maximum number", whole(1, 1_000_000), 50)
    .addOption(new Option("--all", "all users").conflicts("first"))
    .addHelpText(
      "after",
      examples("user list --search lovelace", "user list --role AGENT --all --json"),
    )
    .action(
      line.clientAction<ListOptions>(async (client, { options }) => {
        const { search, kind, role: livechatRole } = options;
        const active = options.active ?? (options.inactive ? false : undefined);
        const max = options.all ? Infinity : options.first;
        const filter = { search, kind, livechatRole, active };
        const { users: found, hasMore } = await listUsers(client, filter, max);
        const note = hasMore ? "There are more users: use --first or --all" : undefined;
        return { data: found, text: usersText(found), ...(note && { note }) };
      }),
    );

  withProfile(users.command("update"))
    .description("change the given fields only")
    .addArgument(userArgument())
    .option("--username <name>", "new login name")
    .option(
      "--expected-version <version>",
      "refuse if the user has changed since",
      whole(1, MAX_INT32),
    )
    .addHelpText("after", examples("user update ada.lovelace --telephone +31201234567"))
    .action(
      line.clientAction<ProfileOptions & { username?: string; expectedVersion?: number }>(
        async (client, { args: [argument = ""], options }) => {
          const { username, expectedVersion } = options;
          const target = { user: userBy(argument), username, expectedVersion };
          return changedUser(client, UPDATE, { ...(await profile(options)), ...target });
        },
      ),
    );

  users
    .command("deactivate")
    .description("end all sessions of a user and refuse logins; nothing is deleted")
    .addArgument(userArgument())
    .option(
      "--expected-version <version>",
      "refuse if the user has changed since",
      whole(1, MAX_INT32),
    )
    .addHelpText("after", examples("user deactivate email:ada@example.com"))
    .action(
      line.clientAction<{ expectedVersion?: number }>(
        (client, { args: [argument = ""], options }) =>
          changedUser(client, DEACTIVATE, {
            user: userBy(argument),
            expectedVersion: options.expectedVersion,
          }),
      ),
    );

  users
    .command("activate")
    .description("activate a deactivated user")
    .addArgument(userArgument())
    .addHelpText("after", examples("user activate ada.lovelace"))
    .action(
      line.clientAction((client, { args: [argument = ""] }) =>
        changedUser(client, UPDATE, { user: userBy(argument), active: true }),
      ),
    );

  for (const [name, document, description] of [
    ["give-role", REGISTER, "give a user a role in live channels"],
    ["take-role", REMOVE, "remove a role in live channels; the user stays"],
  ] as const) {
    users
      .command(name)
      .description(description)
      .addArgument(userArgument())
      .addArgument(new Argument("<role>", "the role").choices(ROLES))
      .addHelpText("after", examples(`user ${name} ada.lovelace AGENT`))
      .action(
        line.clientAction((client, { args: [argument = "", role] }) =>
          changedUser(client, document, { user: userBy(argument), role }),
        ),
      );
  }
}
