import { AVAILABLE_STATUS_ID, AWAY_STATUS_ID, BUSY_STATUS_ID } from "../../src/domain/status.js";
import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { givenAvailableAgent } from "./reserving.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";
import { writerNames, writerOf, type WriterTransport } from "./transports.js";

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD", "API_RESERVE_USER");
});
afterAll(() => gateway.stop());

const change = (mutation: string, user: User, input: object = {}) =>
  mutate(gateway, secret, mutation, { user: { id: user.globalId }, ...input });

async function read(user: User, selection: string): Promise<object> {
  const query = `query ($by: UserBy!) { user(by: $by) { ${selection} } }`;
  const { data } = await gateway.ask(secret, query, { by: { id: user.globalId } });
  return data?.user as object;
}

/** The writers that offer an operation. */
const having = (operation: keyof WriterTransport) =>
  writerNames.filter((name) => writerOf(name, gateway, "")[operation] !== undefined);

describe.each(writerNames)("%s", (name) => {
  const writer = () => writerOf(name, gateway, secret);

  it.each([AVAILABLE_STATUS_ID, BUSY_STATUS_ID, AWAY_STATUS_ID])(
    "status %d set by this writer is in effect immediately",
    async (statusId) => {
      const user = await givenUser(gateway);
      expect(await writer().setStatus(user, statusId)).toMatchObject(writer().done);
      expect(await seePresence(gateway, secret, user)).toMatchObject({
        status: { id: statusId },
        source: "MANUAL",
      });
    },
  );

  it("this writer cannot change a locked status", async () => {
    const user = await givenUser(gateway);
    granted(await change("lockStatus", user, { statusId: AWAY_STATUS_ID, reason: "training" }));
    const before = await storedPresence(gateway, user);
    const response = await writer().setStatus(user, BUSY_STATUS_ID);
    expect(response).toMatchObject(writer().refused("STATUS_LOCKED"));
    expect(JSON.stringify(response)).toContain("training");
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("this writer cannot set the status of a deactivated user", async () => {
    const user = await givenUser(gateway);
    granted(await change("deactivateUser", user));
    const before = await storedPresence(gateway, user);
    expect(await writer().setStatus(user, BUSY_STATUS_ID)).toMatchObject(
      writer().refused("CONFLICT"),
    );
    expect(await storedPresence(gateway, user)).toEqual(before);
  });

  it("this writer refuses a key without USER_CUD and changes nothing", async () => {
    const user = await givenUser(gateway);
    const before = await storedPresence(gateway, user);
    const reader = writerOf(name, gateway, await gateway.givenKey("USER_READ"));
    expect(await reader.setStatus(user, BUSY_STATUS_ID)).toMatchObject(reader.refused("FORBIDDEN"));
    expect(await storedPresence(gateway, user)).toEqual(before);
  });
});

it("the table of writers has every API that changes names, availability or reservations", () => {
  expect(having("rename")).toEqual(["GRAPHQL", "OMNIDESK"]);
  expect(having("setAvailability")).toEqual(["GRAPHQL", "ROCKET_CHAT"]);
  expect(having("reserve")).toEqual(["GRAPHQL", "OMNIDESK"]);
});

it.each(["GRAPHQL", "OMNIDESK"] as const)(
  "%s: a new last name is visible, and one that is too long is refused",
  async (name) => {
    const { rename, done, refused } = writerOf(name, gateway, secret);
    const user = await givenUser(gateway);
    expect(await rename?.(user, "Lovelace")).toMatchObject(done);
    expect(await read(user, "lastname")).toEqual({ lastname: "Lovelace" });
    expect(await rename?.(user, "x".repeat(1000))).toMatchObject(refused("BAD_USER_INPUT"));
    expect(await read(user, "lastname")).toEqual({ lastname: "Lovelace" });
  },
);

it.each(["GRAPHQL", "ROCKET_CHAT"] as const)(
  "%s: an agent can be made unavailable for live channels",
  async (name) => {
    const { setAvailability, done } = writerOf(name, gateway, secret);
    const agent = await givenAvailableAgent(gateway);
    expect(await setAvailability?.(agent, "NOT_AVAILABLE")).toMatchObject(done);
    expect(await read(agent, "agent { availability }")).toEqual({
      agent: { availability: "NOT_AVAILABLE" },
    });
    granted(await change("setAgentAvailability", agent, { availability: "AVAILABLE" }));
  },
);

it.each(["GRAPHQL", "OMNIDESK"] as const)(
  "%s: an available agent is held, and one who is not available is refused",
  async (name) => {
    const { reserve, done, refused } = writerOf(name, gateway, secret);
    const agent = await givenAvailableAgent(gateway);
    expect(await reserve?.(agent)).toMatchObject(done);
    expect(await read(agent, "agent { freeSlots }")).toEqual({ agent: { freeSlots: 2 } });
    const offline = await givenAgent(gateway);
    const before = await storedPresence(gateway, offline);
    expect(await reserve?.(offline)).toMatchObject(refused("NOT_AVAILABLE"));
    expect(await storedPresence(gateway, offline)).toEqual(before);
  },
);
