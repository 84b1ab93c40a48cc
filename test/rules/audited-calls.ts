import { system } from "../../src/domain/actor.js";
import type { User } from "../../src/entities/user.entity.js";
import type { TestGateway } from "../support/gateway.js";
import { givenAgent, givenSignedIn, givenUser, PASSWORD, uniqueName } from "../support/given.js";

/** A call that changes something. */
export interface AuditedCall {
  /** Absent for the one mutation without an input. */
  readonly input?: object;
  /** The expected target in the audit; without the id when the call creates it. */
  readonly target: { readonly targetType: string; readonly targetId?: string };
  /** The secret of the call; by default the administrator's. */
  readonly secret?: string | null;
}

const by = ({ globalId }: User) => ({ user: { id: globalId } });

const userTarget = ({ globalId }: User) => ({ targetType: "User", targetId: globalId });

const about = (user: User, input: object = {}): AuditedCall => ({
  input: { ...by(user), ...input },
  target: userTarget(user),
});

/** Long enough not to expire while contents are compared. */
const HOLD = { ttlSeconds: 3600 };
const FIGURE = { statistic: "CALLS" };
const given = system("given");

/** For each mutation, a call that makes a change, with everything that the call needs. */
export const auditedCalls: Readonly<
  Record<string, (gateway: TestGateway) => AuditedCall | Promise<AuditedCall>>
> = {
  login: async (gateway) => {
    const user = await givenUser(gateway, { password: PASSWORD });
    const input = { user: user.username, password: PASSWORD };
    return { input, target: userTarget(user), secret: null };
  },
  logout: async (gateway) => {
    const { user, secret } = await givenSignedIn(gateway);
    return { target: userTarget(user), secret };
  },
  revokeSession: async (gateway) => {
    const { user } = await givenSignedIn(gateway);
    const [session] = await gateway.services.sessions.list(given, { id: user.globalId });
    return { input: { id: session?.globalId }, target: userTarget(user) };
  },

  createUser: () => ({ input: { username: uniqueName() }, target: { targetType: "User" } }),
  updateUser: async (gateway) => about(await givenUser(gateway), { firstname: "Ana" }),
  deactivateUser: async (gateway) => about(await givenUser(gateway)),
  importUsers: () => ({
    input: { rows: [{ username: uniqueName() }] },
    target: { targetType: "User" },
  }),
  registerAgent: async (gateway) => about(await givenUser(gateway), { role: "AGENT" }),
  removeAgent: async (gateway) => about(await givenAgent(gateway), { role: "AGENT" }),
  setAgentAvailability: async (gateway) =>
    about(await givenAgent(gateway), { availability: "NOT_AVAILABLE" }),

  setStatus: async (gateway) => about(await givenUser(gateway), { statusId: 5 }),
  lockStatus: async (gateway) => about(await givenUser(gateway), { statusId: 5 }),
  unlockStatus: async (gateway) => {
    const user = await givenUser(gateway);
    await gateway.services.presence.lockStatus(given, { ...by(user), statusId: 5 });
    return about(user);
  },
  reportExternalStatus: async (gateway) =>
    about(await givenUser(gateway), {
      source: "calendar",
      statusId: 5,
      until: new Date(Date.now() + 3_600_000),
    }),
  reportTelephoneStatus: async (gateway) =>
    about(await givenUser(gateway), { telephoneStatus: "BUSY" }),

  reserveUserForLiveChannel: async (gateway) => ({
    input: { ...by(await givenAvailableAgent(gateway)), ...HOLD },
    target: { targetType: "Reservation" },
  }),
  reserveNextAvailable: async (gateway) => {
    await givenAvailableAgent(gateway);
    return { input: HOLD, target: { targetType: "Reservation" } };
  },
  acceptReservation: givenHold,
  releaseReservation: givenHold,

  setCampaignState: async (gateway) => {
    const campaign = uniqueName("campaign");
    await gateway.services.catalogue.createCampaign(given, { name: campaign });
    return about(await givenUser(gateway), { campaign, active: true });
  },
  updateUserSettings: async (gateway) => about(await givenUser(gateway), { maxChats: 9 }),
  updateUserView: async (gateway) => {
    const view = await gateway.services.catalogue.createView(given, { name: uniqueName("view") });
    return about(await givenUser(gateway), { viewId: view.globalId, selected: true });
  },
  addUserStatistic: async (gateway) => about(await givenUser(gateway), FIGURE),
  removeUserStatistic: async (gateway) => about(await givenFollower(gateway), FIGURE),
  watchUserStatistic: async (gateway) => {
    const user = await givenFollower(gateway);
    const [figure]: [{ watched: boolean }] = await gateway.dataSource.query(
      `SELECT watched FROM user_statistics WHERE user_id = $1`,
      [user.id],
    );
    return about(user, { ...FIGURE, watched: !figure.watched });
  },
  refreshTab: () => {
    const tabId = uniqueName("tab").replaceAll("-", "_");
    return { input: { tabId }, target: { targetType: "Tab", targetId: tabId } };
  },

  createStatus: () => ({
    input: { name: uniqueName("status"), class: "AWAY" },
    target: { targetType: "Status" },
  }),
  updateStatus: () => ({
    input: { id: 8, name: uniqueName("status") },
    target: { targetType: "Status", targetId: "8" },
  }),
  createGroup: () => naming("Group"),
  createCampaign: () => naming("Campaign"),
  createView: () => naming("View"),
  updateGroup: async ({ services: { catalogue } }) =>
    renaming("Group", await catalogue.createGroup(given, { name: uniqueName() })),
  updateCampaign: async ({ services: { catalogue } }) =>
    renaming("Campaign", await catalogue.createCampaign(given, { name: uniqueName() })),
  updateView: async ({ services: { catalogue } }) =>
    renaming("View", await catalogue.createView(given, { name: uniqueName() })),
  createApiKey: () => ({
    input: { name: uniqueName("key"), permissions: ["USER_READ"] },
    target: { targetType: "ApiKey" },
  }),
  rotateApiKey: async ({ services: { apiKeys } }) => {
    const name = uniqueName("key");
    const { apiKey } = await apiKeys.create(given, { name, permissions: ["USER_READ"] });
    const { globalId } = apiKey;
    return {
      input: { id: globalId, overlapSeconds: 60 },
      target: { targetType: "ApiKey", targetId: globalId },
    };
  },
  revokeApiKey: async ({ services: { apiKeys } }) => {
    const name = uniqueName("key");
    const { apiKey } = await apiKeys.create(given, { name, permissions: ["USER_READ"] });
    const { globalId } = apiKey;
    return { input: { id: globalId }, target: { targetType: "ApiKey", targetId: globalId } };
  },
};

const naming = (targetType: string): AuditedCall => ({
  input: { name: uniqueName() },
  target: { targetType },
});

const renaming = (targetType: string, { globalId }: { globalId: string }): AuditedCall => ({
  input: { id: globalId, name: uniqueName() },
  target: { targetType, targetId: globalId },
});

async function givenFollower(gateway: TestGateway): Promise<User> {
  const user = await givenUser(gateway);
  await gateway.services.statistics.add(given, { ...by(user), ...FIGURE });
  return user;
}

async function givenAvailableAgent(gateway: TestGateway): Promise<User> {
  const agent = await givenAgent(gateway);
  await gateway.services.presence.setStatus(given, { ...by(agent), statusId: 1 });
  return agent;
}

async function givenHold(gateway: TestGateway): Promise<AuditedCall> {
  const agent = await givenAvailableAgent(gateway);
  const terms = { ...by(agent), ...HOLD };
  const { globalId, fencingToken } = await gateway.services.reservations.reserve(given, terms);
  return {
    input: { id: globalId, fencingToken },
    target: { targetType: "Reservation", targetId: globalId },
  };
}
