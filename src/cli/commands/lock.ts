import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../errors.js";
import type { GatewayClient } from "../gateway-client.js";
import { record } from "../layout.js";
import { USER_ARGUMENT, userBy } from "../user-argument.js";
import { time } from "../argument-parsers.js";
import type { Paint } from "../terminal.js";

const PRESENCE = `fragment Held on Presence {
  user { username } status { id name } source since until online
  lock { status { name } reason lockedBy { username } lockedAt until }
}`;

interface PresenceData {
  readonly user: { readonly username: string };
  readonly status: { readonly name: string };
  readonly source: string;
  readonly since: string;
  readonly until: string | null;
  readonly lock: {
    readonly reason: string | null;
    /** Null when the lock was set without a user, such as by an API key. */
    readonly lockedBy: { readonly username: string } | null;
    readonly until: string | null;
  } | null;
}

const presenceText =
  ({ user, status, source, since, lock }: PresenceData) =>
  (paint: Paint) =>
    record(paint, {
      username: user.username,
      status: status.name,
      source,
      since,
      locked: lock !== null,
      ...(lock && { "locked by": lock.lockedBy?.username, reason: lock.reason, until: lock.until }),
    });

/** A status id, or a name without regard to case. */
async function statusIdOf({ request }: GatewayClient, argument: string): Promise<number> {
  if (/^\d{1,9}$/.test(argument)) return Number(argument);
  const { statuses } = await request<{ statuses: { id: number; name: string }[] }>(
    `{ statuses { id name } }`,
  );
  const found = statuses.find(({ name }) => name.toLowerCase() === argument.toLowerCase());
  if (found) return found.id;
  const names = statuses.map(({ name }) => name).join(", ");
  throw new CliError("NOT_FOUND", `There is no status "${argument}": ${names}`, exitCodes.refused);
}

export function addLockCommands(program: Command, line: CommandLine): void {
  program
    .command("lock")
    .description("lock a user's status, so that it cannot be changed")
    .argument("<user>", USER_ARGUMENT)
    .argument("<status>", "its name or its id")
    .option("--reason <text>", "returned to callers whose change is refused")
    .option("--until <time>", "8h, or 2027-01-31T18:00:00Z; default: until unlocked", time)
    .addHelpText("after", examples(`lock ada.lovelace Busy --reason "audit" --until 2h`))
    .action(
      line.clientAction<{ reason?: string; until?: string }>(
        async (client, { args: [argument = "", status = ""], options: { reason, until } }) => {
          const statusId = await statusIdOf(client, status);
          const { lockStatus } = await client.request<{ lockStatus: { presence: PresenceData } }>(
            `mutation ($input: LockStatusInput!) { lockStatus(input: $input) { presence { ...Held } } } ${PRESENCE}`,
            { input: { user: userBy(argument), statusId, reason, until } },
          );
          return { data: lockStatus.presence, text: presenceText(lockStatus.presence) };
        },
      ),
    );

  program
    .command("unlock")
    .description("remove the lock; the status below takes effect again")
    .argument("<user>", USER_ARGUMENT)
    .addHelpText("after", examples("unlock ada.lovelace"))
    .action(
      line.clientAction(async ({ request }, { args: [argument = ""] }) => {
        const { unlockStatus } = await request<{ unlockStatus: { presence: PresenceData } }>(
          `mutation ($input: UnlockStatusInput!) { unlockStatus(input: $input) { presence { ...Held } } } ${PRESENCE}`,
          { input: { user: userBy(argument) } },
        );
        return { data: unlockStatus.presence, text: presenceText(unlockStatus.presence) };
      }),
    );
}
