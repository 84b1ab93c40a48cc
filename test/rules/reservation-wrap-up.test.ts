import type { User } from "../../src/entities/user.entity.js";
import { eventually } from "../support/eventually.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { letEnd } from "../support/let-end.js";
import { granted, mutate, refusal } from "./graphql-client-calls.js";
import {
  givenAvailableAgent,
  reservationIn,
  type Reserving,
  reservingAs,
  type SeenReservation,
} from "./reserving.js";
import { seePresence } from "./seen-presence.js";

const WRAP_UP = 6;
const AVAILABLE = 1;
const SECONDS = 60;

let gateway: TestGateway;
let admin: string;
let router: Reserving;
beforeAll(async () => {
  gateway = await startTestGateway({ ROLLCALL_WRAP_UP_SECONDS: String(SECONDS) });
  admin = await gateway.givenKey("ADMIN");
  router = reservingAs(gateway, await gateway.givenKey("API_RESERVE_USER"));
});
afterAll(() => gateway.stop());

const givenAccepted = async (): Promise<{ agent: User; accepted: SeenReservation }> => {
  const agent = await givenAvailableAgent(gateway);
  const held = reservationIn(await router.reserve(agent));
  return { agent, accepted: reservationIn(await router.accept(held)) };
};

it("releasing an accepted reservation puts the agent into wrap-up and back", async () => {
  const { agent, accepted } = await givenAccepted();
  const startedAt = Date.now();
  reservationIn(await router.release(accepted));
  const presence = await seePresence(gateway, admin, agent);
  expect(presence).toMatchObject({ status: { id: WRAP_UP, class: "BUSY" }, source: "INTERNAL" });
  const lasts = Date.parse(presence.until ?? "") - startedAt;
  expect(lasts).toBeGreaterThan((SECONDS - 0.5) * 1000);
  expect(await router.reserve(agent)).toMatchObject(
    refusal("NOT_AVAILABLE", { reason: "STATUS_NOT_AVAILABLE" }),
  );

  await letEnd(gateway, agent);
  await eventually(async () => {
    const { status, source } = await seePresence(gateway, admin, agent);
    expect([status.id, source]).toEqual([AVAILABLE, "MANUAL"]);
  });
  expect(reservationIn(await router.reserve(agent))).toMatchObject({ fencingToken: 2 });
});

it("wrap-up is in the status history with its cause", async () => {
  const { agent, accepted } = await givenAccepted();
  reservationIn(await router.release(accepted));
  const changes = await gateway.dataSource.query(
    `SELECT to_status_id AS "to", source, cause FROM status_changes WHERE user_id = $1 ORDER BY id DESC LIMIT 1`,
    [agent.id],
  );
  expect(changes).toEqual([{ to: WRAP_UP, source: "INTERNAL", cause: "releaseReservation" }]);
});

it("the next released reservation prolongs wrap-up", async () => {
  const { agent, accepted } = await givenAccepted();
  const second = reservationIn(await router.accept(reservationIn(await router.reserve(agent))));
  reservationIn(await router.release(accepted));
  const { until: first } = await seePresence(gateway, admin, agent);
  reservationIn(await router.release(second));
  const { until: last } = await seePresence(gateway, admin, agent);
  expect(Date.parse(last ?? "")).toBeGreaterThan(Date.parse(first ?? ""));
});

it("releasing a held or already released reservation starts no wrap-up", async () => {
  const agent = await givenAvailableAgent(gateway);
  const held = reservationIn(await router.reserve(agent));
  reservationIn(await router.release(held));
  reservationIn(await router.release(held));
  expect(await seePresence(gateway, admin, agent)).toMatchObject({ status: { id: AVAILABLE } });
});

it("an agent that loses the role enters no wrap-up", async () => {
  const { agent } = await givenAccepted();
  const user = { id: agent.globalId };
  granted(await mutate(gateway, admin, "removeAgent", { user, role: "AGENT" }));
  expect(await seePresence(gateway, admin, agent)).toMatchObject({ status: { id: AVAILABLE } });
});

it("a lock outranks wrap-up, which continues under it", async () => {
  const { agent, accepted } = await givenAccepted();
  const user = { id: agent.globalId };
  granted(await mutate(gateway, admin, "lockStatus", { user, statusId: 8 }));
  reservationIn(await router.release(accepted));
  expect(await seePresence(gateway, admin, agent)).toMatchObject({ source: "LOCK" });
  granted(await mutate(gateway, admin, "unlockStatus", { user }));
  expect(await seePresence(gateway, admin, agent)).toMatchObject({ status: { id: WRAP_UP } });
});
