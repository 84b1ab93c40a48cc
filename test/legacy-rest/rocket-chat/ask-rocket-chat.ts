import { DEMO_PASSWORD } from "../../../src/demo/users.js";
import type { Permission } from "../../../src/domain/vocabulary.js";
import type { TestGateway } from "../../support/gateway.js";

/** The ids that Rocket.Chat's documents print. */
export const JOHN_DOE = "aobEdbYhXfu5hkeqG";
export const DOE_JOHN = "SQafHvoFPuB57NmBD";
export const UNKNOWN_ID = "xxxxxxxxxxxxxxxxx";

export interface RocketChatUser {
  readonly token: string;
  readonly userId: string;
}

export interface RocketChatAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Asking {
  readonly method?: string;
  /** Null for no credential. */
  readonly as: RocketChatUser | null;
  readonly query?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** Sends a request as a client does. @param path below /api/v1/ */
export async function askRocketChat(
  { url }: TestGateway,
  path: string,
  { as, json, form, query = {}, headers = {}, method }: Asking,
): Promise<RocketChatAnswer> {
  const search = new URLSearchParams(query).toString();
  const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json);
  const response = await fetch(`${url}/api/v1/${path}${search && `?${search}`}`, {
    method: method ?? (body === null ? "GET" : "POST"),
    headers: {
      ...(as && { "X-Auth-Token": as.token, "X-User-Id": as.userId }),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body,
  });
  const text = await response.text();
  const { status } = response;
  return { status, headers: response.headers, text, body: JSON.parse(text) as object as never };
}

/** Signs in a user of the demo. */
export async function signIn(gateway: TestGateway, user: string): Promise<RocketChatUser> {
  const json = { user, password: DEMO_PASSWORD };
  const { body } = await askRocketChat(gateway, "login", { as: null, json });
  const { authToken, userId } = body.data as { authToken: string; userId: string };
  return { token: authToken, userId };
}

/** An API key without a user, which is valid with any user id. */
export async function givenKeyOfNobody(
  gateway: TestGateway,
  ...permissions: Permission[]
): Promise<RocketChatUser> {
  return { token: await gateway.givenKey(...permissions), userId: UNKNOWN_ID };
}

/** The usernames of a list, in its order. */
export const usernamesOf = ({ body }: RocketChatAnswer): string[] =>
  (body.users as { username: string }[]).map(({ username }) => username);
