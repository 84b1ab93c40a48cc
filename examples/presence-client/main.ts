import { Gateway, Refusal } from "./gateway.js";
import {
  ContactDocument,
  OnlineDocument,
  type OnlineQuery,
  type OnlineQueryVariables,
  PresenceChangesDocument,
  SetStatusDocument,
  SetTelephoneDocument,
  StatusesDocument,
} from "./graphql.js";

const USAGE = `Usage: node main.js online
       node main.js follow
       node main.js set-status <username> <status>
       node main.js set-telephone <username> <number>

ROLLCALL_URL, ROLLCALL_USER and ROLLCALL_PASSWORD set the address and the account.`;

type Line = OnlineQuery["presences"]["nodes"][number];
const say = (text: string) => process.stdout.write(`${text}\n`);
const sayHow = ({ status, user }: Line) => say(`${user.displayName}: ${status.name}`);

/** Reads page by page: the end cursor of one page is the start of the next. */
async function listOnline(gateway: Gateway): Promise<void> {
  let variables: OnlineQueryVariables = {};
  for (let hasMore = true; hasMore;) {
    const { presences } = await gateway.request(OnlineDocument, variables);
    presences.nodes.forEach(sayHow);
    variables = { after: presences.pageInfo.endCursor };
    hasMore = presences.pageInfo.hasNextPage;
  }
}

/** Prints the users online, and then every change. After a gap it reads them again. */
const follow = (gateway: Gateway): Promise<void> =>
  gateway.follow(PresenceChangesDocument, async ({ gap, presence }) => {
    if (gap) {
      await listOnline(gateway);
      say("Following");
    } else if (presence) sayHow(presence);
  });

async function setStatus(gateway: Gateway, username: string, name: string): Promise<void> {
  const { statuses } = await gateway.request(StatusesDocument, {});
  const status = statuses.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!status) throw new Error(`There is no status ${name}`);
  const input = { user: { username }, statusId: status.id };
  sayHow((await gateway.change(SetStatusDocument, { input })).setStatus.presence);
}

/**
 * A change based on a version: no concurrent change is overwritten. After a conflict this reads the user
 * again, and continues unless the telephone has changed.
 */
async function setTelephone(gateway: Gateway, username: string, telephone: string): Promise<void> {
  const by = { username };
  const { user: before } = await gateway.request(ContactDocument, { by });
  if (!before) throw new Error(`There is no user ${username}`);
  for (let expectedVersion = before.version; ;) {
    try {
      const input = { user: by, telephone, expectedVersion };
      const { user } = (await gateway.change(SetTelephoneDocument, { input })).updateUser;
      say(`${user.displayName}: ${user.telephone}, version ${user.version}`);
      return;
    } catch (error) {
      const isStale =
        error instanceof Refusal && error.code === "CONFLICT" && "current" in error.details;
      if (!isStale) throw error;
      const current = error.details["current"] as { version: number; telephone: string | null };
      if (current.telephone !== before.telephone) {
        throw new Error(`Somebody else has just made it ${current.telephone}`, { cause: error });
      }
      say(`Changed meanwhile, now version ${current.version}`);
      expectedVersion = current.version;
    }
  }
}

async function run([command, username, value]: readonly string[]): Promise<void> {
  const { ROLLCALL_URL = "http://localhost:4000", ROLLCALL_USER, ROLLCALL_PASSWORD } = process.env;
  if (!ROLLCALL_USER || !ROLLCALL_PASSWORD) throw new Error(USAGE);
  const gateway = await Gateway.signIn(ROLLCALL_URL, ROLLCALL_USER, ROLLCALL_PASSWORD);
  if (command === "online") await listOnline(gateway);
  else if (command === "follow") await follow(gateway);
  else if (command === "set-status" && username && value) await setStatus(gateway, username, value);
  else if (command === "set-telephone" && username && value)
    await setTelephone(gateway, username, value);
  else throw new Error(USAGE);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
