import type { Door } from "../../src/domain/vocabulary.js";
import type { User } from "../../src/entities/user.entity.js";
import type { ErrorCode } from "../../src/errors/domain-error.js";
import type { TestGateway } from "../support/gateway.js";
import { mutate, refusal } from "./graphql-door.js";

/**
 * The operations on a user's status that every door offers, so that a rule is tested at all of them. Another door
 * is one more entry here.
 */
export interface StatusDoor {
  setStatus(user: User, statusId: number): Promise<object>;
  lockStatus(user: User, statusId: number): Promise<object>;
  unlockStatus(user: User): Promise<object>;
  /** A successful response, for `toMatchObject`. */
  readonly done: object;
  /** A refusal with this code, for `toMatchObject`. */
  refused(code: ErrorCode): object;
}

const doors = {
  GRAPHQL: (gateway, secret) => {
    const by = ({ globalId }: User) => ({ user: { id: globalId } });
    return {
      setStatus: (user, statusId) =>
        mutate(gateway, secret, "setStatus", { ...by(user), statusId }),
      lockStatus: (user, statusId) =>
        mutate(gateway, secret, "lockStatus", { ...by(user), statusId }),
      unlockStatus: (user) => mutate(gateway, secret, "unlockStatus", by(user)),
      done: { status: 200, data: expect.any(Object) as object },
      refused: refusal,
    };
  },
  OMNIDESK: (gateway, secret) => {
    const post = async (action: string, body: object) => {
      const response = await fetch(`${gateway.url}/api/v2/user/${action}`, {
        method: "POST",
        headers: { apikey: secret, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as object };
    };
    const by = ({ omnideskId }: User) => ({ userID: omnideskId });
    return {
      setStatus: (user, statusID) => post("updateStatus", { ...by(user), statusID }),
      lockStatus: (user, status) => post("statusLock", { ...by(user), status }),
      unlockStatus: (user) => post("statusLockDelete", by(user)),
      done: { status: 200, body: { type: "result" } },
      refused: () => ({ status: 400, body: { status: "error" } }),
    };
  },
} as const satisfies Partial<Record<Door, (gateway: TestGateway, secret: string) => StatusDoor>>;

export type TestedDoor = keyof typeof doors;

export const testedDoors = Object.keys(doors) as TestedDoor[];

/** @param secret of a key with USER_CUD */
export const doorOf = (name: TestedDoor, gateway: TestGateway, secret: string): StatusDoor =>
  doors[name](gateway, secret);
