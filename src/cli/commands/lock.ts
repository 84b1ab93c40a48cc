import type { Command } from "commander";
import { type CommandLine, examples } from "../command-line.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../faults.js";
import type { Gateway } from "../gateway.js";
import { record } from "../layout.js";
import { PERSON, personBy } from "../person.js";
import { time } from "../readers.js";
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
    /** Null for who is nobody's user, such as a key. */
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

/** By its number, or by its name in any case of letters. */
async function statusIdOf({ ask }: Gateway, word: string): Promise<number> {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  const { statuses } = await ask<{ statuses: { id: number; name: string }[] }>(
    `{ statuses { id name } }`,
  );
  const found = statuses.find(({ name }) => name.toLowerCase() === word.toLowerCase());
  if (found) return found.id;
  const known = statuses.map(({ name }) => name).join(", ");
  throw new CliError("NOT_FOUND", `There is no status "${word}": ${known}`, exitCodes.refused);
}

export function addLockCommands(program: Command, line: CommandLine): void {
  program
    .command("lock")
    .description("put somebody into a status that nobody can change")
    .argument("<person>", PERSON)
    .argument("<status>", "its name or its number")
    .option("--reason <text>", "shown to whoever is refused")
    .option("--until <time>", "8h, or 2027-01-31T18:00:00Z; without it: until unlocked", time)
    .addHelpText("after", examples(`lock ada.lovelace Busy --reason "audit" --until 2h`))
    .action(
      line.asking<{ reason?: string; until?: string }>(
        async (gateway, { args: [word = "", status = ""], options: { reason, until } }) => {
          const statusId = await statusIdOf(gateway, status);
          const { lockStatus } = await gateway.ask<{ lockStatus: { presence: PresenceData } }>(
            `mutation ($input: LockStatusInput!) { lockStatus(input: $input) { presence { ...Held } } } ${PRESENCE}`,
            { input: { user: personBy(word), statusId, reason, until } },
          );
          return { data: lockStatus.presence, text: presenceText(lockStatus.presence) };
        },
      ),
    );

  program
    .command("unlock")
    .description("let a locked status go; what is below shows again")
    .argument("<person>", PERSON)
    .addHelpText("after", examples("unlock ada.lovelace"))
    .action(
      line.asking(async ({ ask }, { args: [word = ""] }) => {
        const { unlockStatus } = await ask<{ unlockStatus: { presence: PresenceData } }>(
          `mutation ($input: UnlockStatusInput!) { unlockStatus(input: $input) { presence { ...Held } } } ${PRESENCE}`,
          { input: { user: personBy(word) } },
        );
        return { data: unlockStatus.presence, text: presenceText(unlockStatus.presence) };
      }),
    );
}
