import type { Command } from "commander";
import { MAX_INT32 } from "../../domain/integer.js";
import { type CommandLine, examples, group, type CommandResult } from "../command-line.js";
import { exitCodes } from "../exit-codes.js";
import { CliError } from "../errors.js";
import type { GatewayClient } from "../gateway-client.js";
import { record } from "../layout.js";
import { USER_ARGUMENT, userBy } from "../user-argument.js";
import { whole } from "../argument-parsers.js";

const RESERVATION = `fragment Hold on Reservation { id state channel user { username } heldAt expiresAt fencingToken reservedBy }`;

interface ReservationData {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly user: { readonly username: string };
  readonly expiresAt: string;
  readonly fencingToken: number;
}

async function reservation(
  { request }: GatewayClient,
  mutation: string,
  input: object,
): Promise<CommandResult> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const data = await request<Record<string, { reservation: ReservationData }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { reservation { ...Hold } } } ${RESERVATION}`,
    { input },
  );
  const [result] = Object.values(data);
  if (!result) throw new Error("the gateway returned no data");
  const { id, state, channel, user, expiresAt, fencingToken } = result.reservation;
  const properties = { id, state, username: user.username, channel, expires: expiresAt };
  return {
    data: result.reservation,
    text: (paint) => record(paint, { ...properties, "fencing token": fencingToken }),
  };
}

async function groupIdOf({ request }: GatewayClient, name: string): Promise<string> {
  const { groups } = await request<{ groups: { id: string; name: string }[] }>(
    `{ groups { id name } }`,
  );
  const found = groups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  if (found) return found.id;
  throw new CliError("NOT_FOUND", `There is no group "${name}"`, exitCodes.refused);
}

interface HoldOptions {
  readonly channel?: string;
  readonly seconds?: number;
}

const withHold = (command: Command): Command =>
  command
    .option("--channel <name>", "default: livechat")
    .option("--seconds <count>", "time to accept the reservation; default: 30", whole(1, 3600));

export function addReserveCommands(program: Command, line: CommandLine): void {
  const reserve = group(program, "reserve", "hold an agent for a live channel, accept, release");

  withHold(reserve.command("user"))
    .description("hold this agent")
    .argument("<user>", USER_ARGUMENT)
    .addHelpText("after", examples("reserve user ada.lovelace --seconds 60"))
    .action(
      line.clientAction<HoldOptions>(
        (client, { args: [argument = ""], options: { channel, seconds } }) =>
          reservation(client, "reserveUserForLiveChannel", {
            user: userBy(argument),
            channel,
            ttlSeconds: seconds,
          }),
      ),
    );

  withHold(reserve.command("next"))
    .description("hold the agent with the most free slots, the longest idle first")
    .option("--group <name>", "only members of this group")
    .addHelpText("after", examples("reserve next --group Sales --channel phone"))
    .action(
      line.clientAction<HoldOptions & { group?: string }>(
        async (client, { options: { group: name, channel, seconds } }) => {
          const groupId = name === undefined ? undefined : await groupIdOf(client, name);
          const input = { groupId, channel, ttlSeconds: seconds };
          return reservation(client, "reserveNextAvailable", input);
        },
      ),
    );

  for (const [name, mutation, description] of [
    ["accept", "acceptReservation", "accept a held reservation"],
    ["release", "releaseReservation", "end a reservation, accepted or not"],
  ] as const) {
    reserve
      .command(name)
      .description(description)
      .argument("<id>", "of the reservation")
      .requiredOption("--token <number>", "its fencing token", whole(1, MAX_INT32))
      .addHelpText("after", examples(`reserve ${name} UmVzZXJ2YXRpb246MQ --token 1`))
      .action(
        line.clientAction<{ token: number }>((client, { args: [id], options }) =>
          reservation(client, mutation, { id, fencingToken: options.token }),
        ),
      );
  }
}
