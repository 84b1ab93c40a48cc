import type { TestGateway } from "../../support/gateway.js";

export const USERS_ONLINE = "/api/v2/clients/users/usersonline";

export interface OnlineUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly time: string;
  readonly status: number;
  readonly link: string;
  readonly color: string;
  readonly type: string;
  readonly lastview?: "" | { readonly m: string; readonly v: string; readonly t: string };
  readonly online: number;
}

export interface UsersOnline {
  readonly timestamp: number;
  readonly count: number;
  readonly offlinecount: number;
  readonly users: readonly OnlineUser[];
  readonly offlineusers: readonly OnlineUser[];
  readonly superadmin: number;
  readonly self: number;
  readonly elapsed: string;
  readonly message: string;
}

export interface ClientexecAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** @param key the Application Key, in a header; null for none */
export async function askClientexec(
  { url }: TestGateway,
  key: string | null,
  path = USERS_ONLINE,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<ClientexecAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: key === null ? headers : { apikey: key, ...headers },
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    text: await response.text(),
  };
}

/** @throws when it is refused */
export async function usersOnline(gateway: TestGateway, key: string): Promise<UsersOnline> {
  const { status, text } = await askClientexec(gateway, key);
  if (status !== 200) throw new Error(text);
  return JSON.parse(text) as UsersOnline;
}

/** A refusal in Clientexec's shape. */
export const refusal = (message: unknown) => ({
  timestamp: expect.any(Number),
  elapsed: expect.stringMatching(/^\d+\.\d{3}$/),
  message,
  success: false,
  failure: true,
});
