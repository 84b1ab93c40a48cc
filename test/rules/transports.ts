import type { User } from "../../src/entities/user.entity.js";
import { DomainError, type ErrorCode } from "../../src/errors/domain-error.js";
import type { Dialect } from "../../src/legacy-rest/dialect.js";
import { omnidesk } from "../../src/legacy-rest/omnidesk/index.js";
import { rocketChat } from "../../src/legacy-rest/rocket-chat/index.js";
import type { TestGateway } from "../support/gateway.js";
import { mutate, refusal } from "./graphql-client-calls.js";

/** A response, and what it looks like when it succeeds or is refused; both for `toMatchObject`. */
export interface Transport {
  readonly done: object;
  readonly refused: (code: ErrorCode) => object;
}

/** The operations on a user's status that GraphQL and Omnidesk offer. */
export interface StatusTransport extends Transport {
  readonly setStatus: (user: User, statusId: number) => Promise<object>;
  readonly lockStatus: (user: User, statusId: number) => Promise<object>;
  readonly unlockStatus: (user: User) => Promise<object>;
}

/** The changes that an API offers; jtel and Clientexec only read. */
export interface WriterTransport extends Transport {
  /** Statuses 1 to 4: the ones that every writer can set. */
  readonly setStatus: (user: User, statusId: number) => Promise<object>;
  readonly rename?: (user: User, lastname: string) => Promise<object>;
  readonly setAvailability?: (
    agent: User,
    availability: "AVAILABLE" | "NOT_AVAILABLE",
  ) => Promise<object>;
  readonly reserve?: (agent: User) => Promise<object>;
}

type MakeTransport<Made> = (gateway: TestGateway, secret: string) => Made;

/** The status of a refusal is the dialect's own. */
const refusedBy =
  ({ errors }: Dialect, body: object) =>
  (code: ErrorCode) => ({ status: errors[code](new DomainError(code, "")).status, body });

function graphQL(
  gateway: TestGateway,
  secret: string,
): StatusTransport & Required<WriterTransport> {
  const change = (mutation: string, user: User, input: object = {}) =>
    mutate(gateway, secret, mutation, { user: { id: user.globalId }, ...input });
  return {
    setStatus: (user, statusId) => change("setStatus", user, { statusId }),
    lockStatus: (user, statusId) => change("lockStatus", user, { statusId }),
    unlockStatus: (user) => change("unlockStatus", user),
    rename: (user, lastname) => change("updateUser", user, { lastname }),
    setAvailability: (agent, availability) =>
      change("setAgentAvailability", agent, { availability }),
    reserve: (agent) => change("reserveUserForLiveChannel", agent),
    done: { status: 200, data: expect.any(Object) as object },
    refused: refusal,
  };
}

function omnideskTransport(
  { url }: TestGateway,
  secret: string,
): StatusTransport & Omit<Required<WriterTransport>, "setAvailability"> {
  const send = async (method: "POST" | "PUT", action: string, body: object) => {
    const response = await fetch(`${url}/api/v2/user/${action}`, {
      method,
      headers: { apikey: secret, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as object };
  };
  const by = ({ omnideskId }: User) => ({ userID: omnideskId });
  return {
    setStatus: (user, statusID) => send("POST", "updateStatus", { ...by(user), statusID }),
    lockStatus: (user, status) => send("POST", "statusLock", { ...by(user), status }),
    unlockStatus: (user) => send("POST", "statusLockDelete", by(user)),
    rename: (user, lastname) => send("PUT", "lastnameUpdate", { ...by(user), lastname }),
    reserve: (agent) => send("POST", "reserveUserForLiveChannel", by(agent)),
    done: { status: 200, body: { type: "result" } },
    refused: refusedBy(omnidesk, { status: "error" }),
  };
}

/** Rocket.Chat's words for statuses 1 to 4. */
const ROCKET_CHAT_STATUSES = ["", "online", "busy", "away", "offline"];

function rocketChatTransport({ url }: TestGateway, secret: string): WriterTransport {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: "POST",
      headers: {
        "x-auth-token": secret,
        // A key without an owner is valid with any user id.
        "x-user-id": "xxxxxxxxxxxxxxxxx",
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as object };
  };
  return {
    setStatus: ({ rocketChatId }, statusId) =>
      post("users.setStatus", { userId: rocketChatId, status: ROCKET_CHAT_STATUSES[statusId] }),
    setAvailability: ({ rocketChatId }, availability) =>
      post("livechat/agent.status", {
        agentId: rocketChatId,
        status: availability === "AVAILABLE" ? "available" : "not-available",
      }),
    done: { status: 200, body: { success: true } },
    refused: refusedBy(rocketChat, { success: false }),
  };
}

const statusTransports = {
  GRAPHQL: graphQL,
  OMNIDESK: omnideskTransport,
} as const satisfies Record<string, MakeTransport<StatusTransport>>;

const writers = {
  ...statusTransports,
  ROCKET_CHAT: rocketChatTransport,
} as const satisfies Record<string, MakeTransport<WriterTransport>>;

export type StatusTransportName = keyof typeof statusTransports;
export type WriterName = keyof typeof writers;

export const statusTransportNames = Object.keys(statusTransports) as StatusTransportName[];
export const writerNames = Object.keys(writers) as WriterName[];

/** @param secret of a key with USER_CUD */
export const statusTransportOf = (
  name: StatusTransportName,
  gateway: TestGateway,
  secret: string,
): StatusTransport => statusTransports[name](gateway, secret);

/** @param secret of a key with USER_CUD, and with API_RESERVE_USER to reserve */
export const writerOf = (name: WriterName, gateway: TestGateway, secret: string): WriterTransport =>
  writers[name](gateway, secret);
