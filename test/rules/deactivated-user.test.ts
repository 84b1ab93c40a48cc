import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { statusTransportOf, statusTransportNames } from "./transports.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const PAUSE = 5;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const change = (mutation: string, user: User, input: object = {}) =>
  mutate(gateway, secret, mutation, { user: { id: user.globalId }, ...input });

async function givenDeactivated(): Promise<User> {
  const user = await givenUser(gateway);
  granted(await change("deactivateUser", user));
  return user;
}

it.each(statusTransportNames)(
  "%s: the status of a deactivated user can be neither set nor locked",
  async (name) => {
    const transport = statusTransportOf(name, gateway, secret);
    const user = await givenDeactivated();
    const before = await storedPresence(gateway, user);
    expect(await transport.setStatus(user, BUSY)).toMatchObject(transport.refused("CONFLICT"));
    expect(await transport.lockStatus(user, BUSY)).toMatchObject(transport.refused("CONFLICT"));
    expect(await storedPresence(gateway, user)).toEqual(before);
  },
);

it.each([
  ["heartbeat", {}],
  ["reportTelephoneStatus", { telephoneStatus: "BUSY" }],
  ["reportExternalStatus", { source: "calendar", statusId: BUSY, until: "2099-01-01T00:00:00Z" }],
])("%s is refused for a deactivated user and changes nothing", async (mutation, input) => {
  const user = await givenDeactivated();
  const before = await storedPresence(gateway, user);
  expect(await change(mutation, user, input)).toMatchObject(
    refusal("CONFLICT", { id: user.globalId }),
  );
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("a deactivated user is offline, and reactivation does not restore the chosen status", async () => {
  const user = await givenUser(gateway);
  await change("setStatus", user, { statusId: BUSY });
  await change("heartbeat", user);
  await change("lockStatus", user, { statusId: PAUSE });
  granted(await change("deactivateUser", user));
  const offDuty = {
    status: { class: "OFFLINE" },
    source: "CONNECTION",
    online: false,
    configuredStatus: null,
    lock: null,
  };
  expect(await seePresence(gateway, secret, user)).toMatchObject(offDuty);
  granted(await change("updateUser", user, { active: true }));
  expect(await seePresence(gateway, secret, user)).toMatchObject(offDuty);
  granted(await change("setStatus", user, { statusId: BUSY }));
});

it("a change that overlaps a deactivation does not reactivate the user", async () => {
  const user = await givenUser(gateway);
  const holder = gateway.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query(`SELECT FROM presences WHERE user_id = $1 FOR UPDATE`, [user.id]);
  const waiting = (callers: number) =>
    eventually(async () => {
      const blocked: object[] = await gateway.dataSource.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(blocked).toHaveLength(callers);
    });

  const deactivation = change("deactivateUser", user);
  await waiting(1);
  const choice = change("setStatus", user, { statusId: BUSY });
  await waiting(2);
  await holder.rollbackTransaction();
  await holder.release();

  granted(await deactivation);
  expect(await choice).toMatchObject(refusal("CONFLICT", { id: user.globalId }));
  expect((await seePresence(gateway, secret, user)).status.class).toBe("OFFLINE");
});
