import fc from "fast-check";
import { system } from "../../src/domain/actor.js";
import { telephoneStatuses, userKinds } from "../../src/domain/vocabulary.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";

const actor = system("test");

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  key = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

/** The properties on which all doors that show them must agree. */
interface Seen {
  readonly username: string;
  readonly name: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly email: string;
  readonly telephone: string;
  readonly kind: string;
  readonly statusId: number;
  readonly statusClass: string;
  readonly online: boolean;
  readonly telephoneStatus: string;
  readonly maxChats: number;
  readonly webMail: boolean;
}

async function get<Body>(path: string): Promise<Body> {
  const response = await fetch(gateway.url + path, {
    headers: {
      authorization: `Bearer ${key}`,
      apikey: key,
      "x-auth-token": key,
      "x-user-id": "xxxxxxxxxxxxxxxxx",
    },
  });
  return (await response.json()) as Body;
}

const PERSON = `query ($by: UserBy!) { user(by: $by) {
  username firstname lastname displayName email telephone kind
  settings { maxChats useWebMail }
  presence { online telephoneStatus status { id class } }
} }`;

interface GraphQLPerson {
  readonly username: string;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly displayName: string;
  readonly email: string | null;
  readonly telephone: string | null;
  readonly kind: string;
  readonly settings: { readonly maxChats: number; readonly useWebMail: boolean };
  readonly presence: {
    readonly online: boolean;
    readonly telephoneStatus: string;
    readonly status: { readonly id: number; readonly class: string };
  };
}

async function seenByGraphQL(system: string, id: string): Promise<Seen> {
  const { data } = await gateway.ask(key, PERSON, { by: { external: { system, id } } });
  const { presence, settings, displayName, ...user } = data?.user as GraphQLPerson;
  return {
    username: user.username,
    name: displayName,
    firstname: user.firstname ?? "",
    lastname: user.lastname ?? "",
    email: user.email ?? "",
    telephone: user.telephone ?? "",
    kind: user.kind,
    statusId: presence.status.id,
    statusClass: presence.status.class,
    online: presence.online,
    telephoneStatus: presence.telephoneStatus,
    maxChats: settings.maxChats,
    webMail: settings.useWebMail,
  };
}

type Part = Partial<Seen>;
const AVAILABILITY = ["AVAILABLE", "BUSY", "AWAY"];

/** The user as each dialect shows it, with GraphQL's names and values. */
const dialects: Record<string, (user: User) => Promise<Part>> = {
  CLIENTEXEC: async ({ clientexecId }) => {
    const { users } = await get<{
      users: { id: string; name: string; email: string; type: string; status: number }[];
    }>("/api/v2/clients/users/usersonline");
    const shown = users.find(({ id }) => id === clientexecId);
    if (!shown) return { online: false };
    return {
      name: shown.name,
      email: shown.email,
      kind: shown.type.toUpperCase(),
      online: true,
      // Clientexec has no status for an online user that is unavailable.
      ...(shown.status > 0 && { statusClass: AVAILABILITY[shown.status] }),
    };
  },
  ROCKET_CHAT: async ({ rocketChatId }) => {
    const { user } = await get<{
      user: {
        username: string;
        name: string;
        emails?: { address: string }[];
        status: string;
        livechat: { maxNumberSimultaneousChat: string };
      };
    }>(`/api/v1/livechat/users/agent/${rocketChatId}`);
    const words = { online: "AVAILABLE", busy: "BUSY", away: "AWAY", offline: "OFFLINE" };
    return {
      username: user.username,
      name: user.name,
      email: user.emails?.[0]?.address ?? "",
      statusClass: words[user.status as keyof typeof words],
      maxChats: Number(user.livechat.maxNumberSimultaneousChat),
    };
  },
  JTEL: async ({ jtelId }) => {
    const { records } = await get<{
      records: { AgentStatusID: number; PBXTelStatus: number; bUseWebMail: boolean }[];
    }>(`/rest/v1.0/1/users/user/${jtelId}`);
    const [record] = records;
    return {
      statusId: record?.AgentStatusID,
      telephoneStatus: telephoneStatuses[record?.PBXTelStatus ?? -1],
      webMail: record?.bUseWebMail,
    };
  },
  OMNIDESK: async ({ username, omnideskId }) => {
    const { items } = await get<{
      items: {
        id: number;
        name: string;
        firstname: string;
        lastname: string;
        email: string;
        telephone: string;
        type: string;
        online: boolean;
        max_chats: number;
        status: { id: number };
      }[];
    }>(`/api/v2/user?query=${encodeURIComponent(username)}`);
    const shown = items.find(({ id }) => id === omnideskId);
    return {
      username: shown?.name,
      firstname: shown?.firstname,
      lastname: shown?.lastname,
      email: shown?.email,
      telephone: shown?.telephone,
      kind: shown?.type.toUpperCase(),
      statusId: shown?.status.id,
      online: shown?.online,
      maxChats: shown?.max_chats,
    };
  },
};

const idOf = (user: User): Record<string, string> => ({
  CLIENTEXEC: user.clientexecId,
  ROCKET_CHAT: user.rocketChatId,
  JTEL: String(user.jtelId),
  OMNIDESK: String(user.omnideskId),
});

const letters = fc.stringMatching(/^[A-Za-zÀ-ÿ'’ -]{0,20}[A-Za-zÀ-ÿ]$/).map((text) => text.trim());
const people = fc.record({
  firstname: fc.option(letters),
  lastname: fc.option(letters),
  hasEmail: fc.boolean(),
  telephone: fc.option(fc.stringMatching(/^\+[1-9][0-9]{6,12}$/)),
  kind: fc.constantFrom(...userKinds),
  statusId: fc.constantFrom(1, 2, 3, 4, 5),
  telephoneStatus: fc.constantFrom(...telephoneStatuses),
  isOnline: fc.boolean(),
  maxChats: fc.integer({ min: 1, max: 20 }),
  useWebMail: fc.boolean(),
});

let count = 0;
async function given({
  hasEmail,
  statusId,
  telephoneStatus,
  isOnline,
  maxChats,
  useWebMail,
  ...properties
}: typeof people extends fc.Arbitrary<infer Person> ? Person : never): Promise<User> {
  const { agents, presence, settings } = gateway.services;
  const email = hasEmail ? `person-${++count}@example.com` : null;
  const created = await givenUser(gateway, { ...properties, email });
  const user = { id: created.globalId };
  await agents.register(actor, { user, role: "AGENT" });
  await settings.update(actor, { user, maxChats, useWebMail });
  await presence.setStatus(actor, { user, statusId });
  await presence.reportTelephoneStatus(actor, { user, telephoneStatus });
  if (isOnline) await presence.heartbeat(actor, { user });
  return created;
}

it("a user is the same in every API, by every id and after every change", async () => {
  await fc.assert(
    fc.asyncProperty(people, async (person) => {
      const user = await given(person);
      for (const [system, seeBy] of Object.entries(dialects)) {
        const seen = await seenByGraphQL(system, idOf(user)[system] ?? "");
        expect(seen.username).toBe(user.username);
        expect(seen).toMatchObject(await seeBy(user));
      }
    }),
    { numRuns: 25 },
  );
});
