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
  /** Of a key. */
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
    "a deactivated person",
    "SESSION",
    ({ users }, { user }) => users.deactivate(actor, { user: byId(user) }),
  ],
  [
    "a deactivated owner",
    "KEY",
    ({ users }, { user }) => users.deactivate(actor, { user: byId(user) }),
  ],
  [
    "another password",
    "SESSION",
    ({ users }, { user }) => users.update(actor, { user: byId(user), password: `new ${PASSWORD}` }),
  ],
  [
    "other permissions",
    "SESSION",
    ({ users }, { user }) => users.update(actor, { user: byId(user), permissions: ["USER_CUD"] }),
  ],
  ["a revoked key", "KEY", ({ apiKeys }, { keyId }) => apiKeys.revoke(actor, { id: keyId })],
];

describe.each(["this process", "another process"])("in %s", (where) => {
  const services = () => (where === "this process" ? gateway.services : second.services);

  it.each(ENDS)(
    "%s closes the socket and the stream, tells them nothing more, and leaves others alone",
    async (_, of, how) => {
      const session = await givenSignedIn(gateway, "USER_READ");
      const credential: Credential =
        of === "KEY" ? await givenKeyOf(session.user) : { ...session, keyId: "" };
      const { secret } = credential;
      const other = await gateway.givenKey("USER_READ");
      const socket = await following(secret);
      const bystander = await following(other);
      const stream = await openRawStream(gateway.url, secret, { body: { query: TABS } });
      await stream.read();

      await how(services(), credential);
      // What is written later has a later place in the one order of all events.
      await services().tabs.refresh(actor, { tabId: "t" });

      expect(await bystander.next()).toMatchObject({ type: "next" });
      expect(await socket.closed).toMatchObject({ code: 4401 });
      await expect(socket.next()).rejects.toThrow("closed");
      expect(await stream.rest()).toBe("");
      expect(bystander.socket.readyState).toBe(bystander.socket.OPEN);
      bystander.socket.close();
      await whenAllHaveLeft();
    },
  );
});

/** A socket that is told of what happens from now on. */
async function following(secret: string): Promise<RawSocket> {
  const { total } = gateway.services.subscriptions.subscribers;
  const socket = await openSignedIn(gateway.url, secret);
  socket.send(subscribeTo("1", TABS));
  await eventually(() => {
    expect(gateway.services.subscriptions.subscribers.total).toBeGreaterThan(total);
    return Promise.resolve();
  });
  return socket;
}

const whenAllHaveLeft = () =>
  eventually(() => {
    expect(gateway.connections.count).toBe(0);
    expect(gateway.services.subscriptions.subscribers.now).toBe(0);
    return Promise.resolve();
  });

/** A socket and a stream that were opened before their credential ended, which it does soon. */
async function openBeforeTheEnd(secret: string, endIn: (seconds: number) => Promise<unknown>) {
  for (let seconds = 1; ; seconds *= 2) {
    await endIn(seconds);
    const socket = await openSignedIn(gateway.url, secret).catch(() => null);
    const stream = await openRawStream(gateway.url, secret, { body: { query: TABS } });
    if (socket && stream.status === 200) return { socket, stream };
    // It ended before they were open: they get more time.
    socket?.socket.close();
    stream.request.destroy();
  }
}

it.each<[what: string, table: string]>([
  ["key", "api_keys"],
  ["session", "login_sessions"],
])(
  "a %s that expires closes its socket then, by the clock of the database",
  async (what, table) => {
    const session = await givenSignedIn(gateway, "USER_READ");
    const { secret } = what === "key" ? await givenKeyOf(session.user) : session;
    const { credentialId } = await actorOf(secret);
    const { socket, stream } = await openBeforeTheEnd(secret, (seconds) =>
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
    await whenAllHaveLeft();
  },
);

describe("what somebody writes into the database by hand", () => {
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
    ["a revoked key", "KEY", `UPDATE api_keys SET revoked_at = now() WHERE id = $1`],
    [
      "a key with more permissions",
      "KEY",
      `UPDATE api_keys SET permissions = '{USER_READ,ADMIN}' WHERE id = $1`,
    ],
    ["a deleted session", "SESSION", `DELETE FROM login_sessions WHERE id = $1`],
    [
      "a deactivated person",
      "SESSION",
      `UPDATE users SET active = false WHERE id = (SELECT user_id FROM login_sessions WHERE id = $1)`,
    ],
  ])("is found: %s", async (_, of, sql) => {
    const session = await givenSignedIn(gateway, "USER_READ");
    const { secret } = of === "KEY" ? await givenKeyOf(session.user) : session;
    const actorThen = await actorOf(secret);
    const ended = new Promise<void>((resolve) => {
      void connections.add({ actor: actorThen, end: resolve });
    });
    const other = await actorOf((await givenSignedIn(gateway)).secret);
    const end = jest.fn();
    const leave = await connections.add({ actor: other, end });
    await gateway.dataSource.query(sql, [actorThen.credentialId]);
    await ended;
    expect(end).not.toHaveBeenCalled();
    leave();
    await expect(connections.add({ actor: actorThen, end })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  });
});
