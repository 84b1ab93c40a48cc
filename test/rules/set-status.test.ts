import { AVAILABLE_STATUS_ID, OFFLINE_STATUS_ID } from "../../src/domain/status.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";
import { statusTransportOf, type StatusTransport, statusTransportNames } from "./transports.js";
import { mutate } from "./graphql-client-calls.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

const BUSY = 2;
const PAUSE = 5;
const NOT_SELECTABLE = [6, 7];
const UNKNOWN = 99;

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const see = (user: User) => seePresence(gateway, secret, user);

describe.each(statusTransportNames)("%s", (name) => {
  let transport: StatusTransport;
  beforeAll(() => {
    transport = statusTransportOf(name, gateway, secret);
  });

  it("a status is in effect immediately and permanently, as a manual choice", async () => {
    const user = await givenUser(gateway);
    expect(await transport.setStatus(user, PAUSE)).toMatchObject(transport.done);
    expect(await see(user)).toMatchObject({
      status: { id: PAUSE, class: "AWAY" },
      source: "MANUAL",
      until: null,
      configuredStatus: { id: PAUSE },
    });
  });

  it("the next choice replaces the one before", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, PAUSE);
    await transport.setStatus(user, BUSY);
    expect(await see(user)).toMatchObject({ status: { id: BUSY }, configuredStatus: { id: BUSY } });
    expect(await storedPresence(gateway, user)).toMatchObject({ claims: [{ status_id: BUSY }] });
  });

  it("repeating a choice keeps its start time", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, PAUSE);
    const { since } = await see(user);
    expect(await transport.setStatus(user, PAUSE)).toMatchObject(transport.done);
    expect((await see(user)).since).toBe(since);
    expect(await storedPresence(gateway, user)).toMatchObject({
      history: [{ to_status_id: PAUSE }],
    });
  });

  it("a chosen Offline stays Offline when a device connects", async () => {
    const user = await givenUser(gateway);
    await transport.setStatus(user, OFFLINE_STATUS_ID);
    await mutate(gateway, secret, "heartbeat", { user: { id: user.globalId } });
    expect(await see(user)).toMatchObject({
      status: { id: OFFLINE_STATUS_ID },
      source: "MANUAL",
      online: true,
    });
  });

  it.each(NOT_SELECTABLE)("status %d, which is not selectable, is refused", async (statusId) => {
    const user = await givenUser(gateway);
    const before = await storedPresence(gateway, user);
    expect(await transport.setStatus(user, statusId)).toMatchObject(
      transport.refused("BAD_USER_INPUT"),
    );
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("an unknown status is refused", async () => {
    const user = await givenUser(gateway);
    const before = await storedPresence(gateway, user);
    expect(await transport.setStatus(user, UNKNOWN)).toMatchObject(transport.refused("NOT_FOUND"));
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("an unknown user is refused", async () => {
    const nobody = Object.assign(await givenUser(gateway), { id: 999_999, omnideskId: 999_999 });
    expect(await transport.setStatus(nobody, BUSY)).toMatchObject(transport.refused("NOT_FOUND"));
  });
});

it("GRAPHQL: the response is the presence after the change", async () => {
  const { globalId } = await givenUser(gateway);
  const selection = "applied presence { status { id } source until configuredStatus { id } }";
  const input = { user: { id: globalId }, statusId: AVAILABLE_STATUS_ID };
  const { data } = await mutate(gateway, secret, "setStatus", input, selection);
  expect(data).toEqual({
    setStatus: {
      applied: true,
      presence: {
        status: { id: AVAILABLE_STATUS_ID },
        source: "MANUAL",
        until: null,
        configuredStatus: { id: AVAILABLE_STATUS_ID },
      },
    },
  });
});

it("GRAPHQL: a refusal names the field and what was not found", async () => {
  const { globalId } = await givenUser(gateway);
  const set = async (statusId: number) => {
    const { errors } = await mutate(gateway, secret, "setStatus", {
      user: { id: globalId },
      statusId,
    });
    return errors?.[0]?.extensions;
  };
  expect(await set(6)).toEqual({
    code: "BAD_USER_INPUT",
    fields: [{ path: "statusId", message: "Wrap-up is not for choosing" }],
  });
  expect(await set(UNKNOWN)).toEqual({
    code: "NOT_FOUND",
    entity: "Status",
    id: String(UNKNOWN),
  });
});
