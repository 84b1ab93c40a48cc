import type { Command } from "commander";
import { MAX_INT32 } from "../../domain/integer.js";
import { type CommandLine, examples, group, type Told } from "../command-line.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../faults.js";
import type { Gateway } from "../gateway.js";
import { record } from "../layout.js";
import { PERSON, personBy } from "../person.js";
import { whole } from "../readers.js";

const RESERVATION = `fragment Hold on Reservation { id state channel user { username } heldAt expiresAt fencingToken reservedBy }`;

interface ReservationData {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly user: { readonly username: string };
  readonly expiresAt: string;
  readonly fencingToken: number;
}

async function reservation({ ask }: Gateway, mutation: string, input: object): Promise<Told> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const data = await ask<Record<string, { reservation: ReservationData }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { reservation { ...Hold } } } ${RESERVATION}`,
    { input },
  );
  const [made] = Object.values(data);
  if (!made) throw new Error("the gateway answered nothing");
  const { id, state, channel, user, expiresAt, fencingToken } = made.reservation;
  const properties = { id, state, username: user.username, channel, expires: expiresAt };
  return {
    data: made.reservation,
    text: (paint) => record(paint, { ...properties, "fencing token": fencingToken }),
  };
}

async function groupIdOf({ ask }: Gateway, name: string): Promise<string> {
  const { groups } = await ask<{ groups: { id: string; name: string }[] }>(
    `{ groups { id name } }`,
  );
  const found = groups.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (found) return found.id;
  throw new CliError("NOT_FOUND", `There is no group "${name}"`, exitCodes.refused);
}

interface HoldOptions {
  readonly channel?: string;
  readonly seconds?: number;
}

const withHold = (command: Command): Command =>
  command
    .option("--channel <name>", "for which channel; without it: livechat")
    .option("--seconds <count>", "how long to wait to be accepted; without it: 30", whole(1, 3600));

export function addReserveCommands(program: Command, line: CommandLine): void {
  const reserve = group(program, "reserve", "agents: hold one for a live channel, accept, release");

  withHold(reserve.command("user"))
    .description("hold this agent")
    .argument("<person>", PERSON)
    .addHelpText("after", examples("reserve user ada.lovelace --seconds 60"))
    .action(
      line.asking<HoldOptions>((gateway, { args: [word = ""], options: { channel, seconds } }) =>
        reservation(gateway, "reserveUserForLiveChannel", {
          user: personBy(word),
          channel,
          ttlSeconds: seconds,
        }),
      ),
    );

  withHold(reserve.command("next"))
    .description("hold whoever has most free slots, the longest idle first")
    .option("--group <name>", "a member of this group")
    .addHelpText("after", examples("reserve next --group Sales --channel phone"))
    .action(
      line.asking<HoldOptions & { group?: string }>(
        async (gateway, { options: { group: name, channel, seconds } }) => {
          const groupId = name === undefined ? undefined : await groupIdOf(gateway, name);
          const input = { groupId, channel, ttlSeconds: seconds };
          return reservation(gateway, "reserveNextAvailable", input);
        },
      ),
    );

  for (const [name, mutation, description] of [
    ["accept", "acceptReservation", "take a held agent up"],
    ["release", "releaseReservation", "give the slot back, accepted or not"],
  ] as const) {
    reserve
      .command(name)
      .description(description)
      .argument("<id>", "of the reservation")
      .requiredOption("--token <number>", "its fencing token", whole(1, MAX_INT32))
      .addHelpText("after", examples(`reserve ${name} UmVzZXJ2YXRpb246MQ --token 1`))
      .action(
        line.asking<{ token: number }>((gateway, { args: [id], options }) =>
          reservation(gateway, mutation, { id, fencingToken: options.token }),
        ),
      );
  }
}
