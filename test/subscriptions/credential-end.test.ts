import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import { OpenConnections } from "../../src/graphql/subscriptions/open-connections.js";
import { createLogger } from "../../src/observability/logging/logger.js";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, PASSWORD, uniqueName } from "../support/given.js";
import { openSignedIn, type RawSocket, subscribeTo } from "../support/raw-socket.js";
import { openRawStream } from "../support/raw-stream.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";

const TABS = `subscription { tabRefreshed(tabId: "t") { tabId } }`;
const actor = system("test");

let gateway: TestGateway;
let second: SecondGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  second = await startSecondGateway(gateway);
});
afterAll(async () => {
  await second.stop();
  await gateway.stop();
});

interface Credential {
  readonly secret: string;
  /** Empty for a session. */
  readonly keyId: string;
  readonly user: User;
}

async function givenKeyOf(user: User): Promise<Credential> {
  const secret = newApiKeySecret();
  await gateway.services.apiKeys.ensure(secret, {
    name: uniqueName("key"),
    permissions: ["USER_READ"],
  });
  const [key] = await gateway.dataSource
    .query<{ id: number }[]>(
      `UPDATE api_keys SET owner_user_id = $1 WHERE id = (SELECT max(id) FROM api_keys) RETURNING id`,
      [user.id],
    )
    .then(([rows]: unknown[]) => rows as { id: number }[]);
  return { secret, keyId: Buffer.from(`ApiKey:${key?.id}`).toString("base64url"), user };
}

const actorOf = (secret: string) => gateway.services.authentication.authenticate(secret, actor);

type Services = TestGateway["services"];

const byId = ({ globalId: id }: User) => ({ id });

const ENDS: [
  what: string,
  of: "SESSION" | "KEY",
  how: (services: Services, credential: Credential) => Promise<unknown>,
][] = [
  ["a logout", "SESSION", async ({ login }, { secret }) => login.logout(await actorOf(secret))],
  [
    "the deactivation of the user",
    "SESSION",
    ({ users }, { user }) => users.deactivate(actor, { user: byId(user) }),
  ],
  [
    "the deactivation of the owner",
    "KEY",
    ({ users }, { user }) => users.deactivate(actor, { user: byId(user) }),
  ],
  [
    "a change of the password",
    "SESSION",
    ({ users }, { user }) => users.update(actor, { user: byId(user), password: `new ${PASSWORD}` }),
  ],
  [
    "a change of permissions",
    "SESSION",
    ({ users }, { user }) => users.update(actor, { user: byId(user), permissions: ["USER_CUD"] }),
  ],
  [
    "the revocation of the key",
    "KEY",
    ({ apiKeys }, { keyId }) => apiKeys.revoke(actor, { id: keyId }),
  ],
];

describe.each(["this process", "another process"])("in %s", (where) => {
  const services = () => (where === "this process" ? gateway.services : second.services);

  it.each(ENDS)(
    "%s closes the socket and the stream of its credential before the next event, and no others",
    async (_, of, how) => {
      const session = await givenSignedIn(gateway, "USER_READ");
      const credential: Credential =
        of === "KEY" ? await givenKeyOf(session.user) : { ...session, keyId: "" };
      const { secret } = credential;
      const other = await gateway.givenKey("USER_READ");
      const socket = await openSubscription(secret);
      const bystander = await openSubscription(other);
      const stream = await openRawStream(gateway.url, secret, { body: { query: TABS } });
      await stream.read();

      await how(services(), credential);
      // An event that is written later has a later position among all events.
      await services().tabs.refresh(actor, { tabId: "t" });

      expect(await bystander.next()).toMatchObject({ type: "next" });
      expect(await socket.closed).toMatchObject({ code: 4401 });
      await expect(socket.next()).rejects.toThrow("closed");
      expect(await stream.rest()).toBe("");
      expect(bystander.socket.readyState).toBe(bystander.socket.OPEN);
      bystander.socket.close();
      await whenAllClosed();
    },
  );
});

/** A socket with a subscription that has started. */
async function openSubscription(secret: string): Promise<RawSocket> {
  const { total } = gateway.services.subscriptions.subscribers;
  const socket = await openSignedIn(gateway.url, secret);
  socket.send(subscribeTo("1", TABS));
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.total).toBeGreaterThan(total);
    return Promise.resolve();
  });
  return socket;
}

const whenAllClosed = () =>
  eventually(() => {
    expect(gateway.connections.count).toBe(0);
    expect(gateway.services.subscriptions.subscribers.now).toBe(0);
    return Promise.resolve();
  });

/** A socket and a stream whose credential will end soon. */
async function openWithExpiry(secret: string, expireIn: (seconds: number) => Promise<unknown>) {
  for (let seconds = 1; ; seconds *= 2) {
    await expireIn(seconds);
    const socket = await openSignedIn(gateway.url, secret).catch(() => null);
    const stream = await openRawStream(gateway.url, secret, { body: { query: TABS } });
    if (socket && stream.status === 200) return { socket, stream };
    // The credential ended before both were open: retry with more time.
    socket?.socket.close();
    stream.request.destroy();
  }
}

it.each<[what: string, table: string]>([
  ["key", "api_keys"],
  ["session", "login_sessions"],
])(
  "the expiry of a %s closes its socket and its stream, by the clock of the database",
  async (what, table) => {
    const session = await givenSignedIn(gateway, "USER_READ");
    const { secret } = what === "key" ? await givenKeyOf(session.user) : session;
    const { credentialId } = await actorOf(secret);
    const { socket, stream } = await openWithExpiry(secret, (seconds) =>
      gateway.dataSource.query(
        `UPDATE ${table} SET expires_at = clock_timestamp() + make_interval(secs => $1) WHERE id = $2`,
        [seconds, credentialId],
      ),
    );
    expect(await socket.closed).toMatchObject({ code: 4401 });
    expect(await stream.rest()).toBe(":\n\n");
    const [row] = await gateway.dataSource.query<{ ended: boolean }[]>(
      `SELECT expires_at <= clock_timestamp() AS ended FROM ${table} WHERE id = $1`,
      [credentialId],
    );
    expect(row?.ended).toBe(true);
    await whenAllClosed();
  },
);

describe("a change of a credential by manual SQL", () => {
  let connections: OpenConnections;
  beforeAll(() => {
    connections = new OpenConnections(
      gateway.services,
      { max: 100, maxPerCredential: 100, leaseSeconds: 3600, checkIntervalMs: 50 },
      createLogger("error"),
    );
  });
  afterAll(() => connections.close());

  it.each<[what: string, of: "SESSION" | "KEY", sql: string]>([
    ["the revocation of a key", "KEY", `UPDATE api_keys SET revoked_at = now() WHERE id = $1`],
    [
      "a change of the permissions of a key",
      "KEY",
      `UPDATE api_keys SET permissions = '{USER_READ,ADMIN}' WHERE id = $1`,
    ],
    ["the deletion of a session", "SESSION", `DELETE FROM login_sessions WHERE id = $1`],
    [
      "the deactivation of the user",
      "SESSION",
      `UPDATE users SET active = false WHERE id = (SELECT user_id FROM login_sessions WHERE id = $1)`,
    ],
  ])("%s by manual SQL closes the connections of the credential", async (_, of, sql) => {
    const session = await givenSignedIn(gateway, "USER_READ");
    const { secret } = of === "KEY" ? await givenKeyOf(session.user) : session;
    const actorBefore = await actorOf(secret);
    const ended = new Promise<void>((resolve) => {
      void connections.add({ actor: actorBefore, end: resolve });
    });
    const other = await actorOf((await givenSignedIn(gateway)).secret);
    const end = jest.fn();
    const remove = await connections.add({ actor: other, end });
    await gateway.dataSource.query(sql, [actorBefore.credentialId]);
    await ended;
    expect(end).not.toHaveBeenCalled();
    remove();
    await expect(connections.add({ actor: actorBefore, end })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });
});
