import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenSignedIn, givenUser } from "../support/given.js";
import { granted, mutate } from "./graphql-client-calls.js";
import { seePresence } from "./seen-presence.js";
import { storedPresence } from "./stored-presence.js";

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("USER_READ", "USER_CUD");
});
afterAll(() => gateway.stop());

const see = (user: User) => seePresence(gateway, secret, user);

const report = (user: User, telephoneStatus: string, by = secret) =>
  mutate(
    gateway,
    by,
    "reportTelephoneStatus",
    { user: { id: user.globalId }, telephoneStatus },
    "presence { telephoneStatus telephoneChangedAt }",
  );

it("a telephone line is free until a report", async () => {
  expect(await see(await givenUser(gateway))).toMatchObject({
    telephoneStatus: "FREE",
    telephoneChangedAt: null,
  });
});

it.each(["RINGING", "BUSY"])(
  "telephone status %s is stored with its time",
  async (telephoneStatus) => {
    const user = await givenUser(gateway);
    const before = Date.now();
    const { presence } = granted<{ presence: { telephoneChangedAt: string } }>(
      await report(user, telephoneStatus),
    );
    expect(presence).toMatchObject({ telephoneStatus });
    expect(Date.parse(presence.telephoneChangedAt)).toBeGreaterThanOrEqual(before);
    expect(await see(user)).toMatchObject(presence);
  },
);

it("repeating the telephone status keeps its time", async () => {
  const user = await givenUser(gateway);
  await report(user, "BUSY");
  const before = await storedPresence(gateway, user);
  granted(await report(user, "BUSY"));
  expect(await storedPresence(gateway, user)).toEqual(before);
});

it("the telephone status does not change the effective status", async () => {
  const user = await givenUser(gateway);
  const { status, source, since } = await see(user);
  await report(user, "BUSY");
  expect(await see(user)).toMatchObject({ status, source, since });
  expect(await storedPresence(gateway, user)).toMatchObject({ history: null });
});

it("a status lock does not block telephone reports", async () => {
  const user = await givenUser(gateway);
  await mutate(gateway, secret, "lockStatus", { user: { id: user.globalId }, statusId: 5 });
  await report(user, "RINGING");
  expect(await see(user)).toMatchObject({ telephoneStatus: "RINGING", status: { id: 5 } });
});

it("a signed-in user reports their own telephone line", async () => {
  const { user, secret: session } = await givenSignedIn(gateway);
  granted(await report(user, "BUSY", session));
  expect((await see(user)).telephoneStatus).toBe("BUSY");
});
