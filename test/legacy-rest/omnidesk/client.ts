import { seedDemo } from "../../../src/demo/seed-demo.js";
import { system } from "../../../src/domain/actor.js";
import type { Permission } from "../../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../../support/gateway.js";

export interface OmnideskAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface OmnideskRequest {
  /** The key in the header; null for none. */
  readonly key?: string | null;
  readonly type?: string;
  readonly body?: string | FormData;
}

export const FORM = "application/x-www-form-urlencoded";
export const JSON_TYPE = "application/json";
/** The content type as Omnidesk's pages print it, without the required boundary. */
export const MULTIPART = "multipart/form-data";

export interface OmnideskDoor {
  readonly gateway: TestGateway;
  /** The key of Inès Moreau, number 1, with all permissions. */
  readonly key: string;
  /** @param path below /api/v2/user */
  readonly send: (
    method: string,
    path: string,
    request?: OmnideskRequest,
  ) => Promise<OmnideskAnswer>;
  readonly put: (path: string, fields: Readonly<Record<string, string>>) => Promise<OmnideskAnswer>;
  readonly post: (path: string, fields: object) => Promise<OmnideskAnswer>;
  /** Creates a key of this user. @returns its secret */
  readonly givenKeyOf: (username: string, ...permissions: Permission[]) => Promise<string>;
  /** Queries the user with this Omnidesk id over GraphQL. */
  readonly see: (omnideskId: number, selection: string) => Promise<unknown>;
}

/** A gateway with the users of the demo, whose numbers the pages of Omnidesk print. */
export async function startOmnidesk(
  environment: Record<string, string> = {},
): Promise<OmnideskDoor> {
  const gateway = await startTestGateway(environment);
  await seedDemo(gateway.dataSource);
  const givenKeyOf: OmnideskDoor["givenKeyOf"] = async (username, ...permissions) => {
    const input = { name: `key of ${username}`, permissions, owner: { username } };
    const { secret } = await gateway.services.apiKeys.create(system("given"), input);
    return secret;
  };
  const key = await givenKeyOf("ines.moreau", "ADMIN");
  const send: OmnideskDoor["send"] = async (method, path, request = {}) => {
    const { type, body } = request;
    const secret = request.key === undefined ? key : request.key;
    const response = await fetch(`${gateway.url}/api/v2/user${path}`, {
      method,
      headers: {
        accept: "*/*",
        ...(secret === null ? {} : { apiKey: secret }),
        ...(type === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const answered = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: answered };
  };
  return {
    gateway,
    key,
    send,
    put: (path, fields) =>
      send("PUT", path, { type: FORM, body: new URLSearchParams(fields).toString() }),
    post: (path, fields) => send("POST", path, { type: JSON_TYPE, body: JSON.stringify(fields) }),
    givenKeyOf,
    see: async (omnideskId, selection) => {
      const by = { external: { system: "OMNIDESK", id: String(omnideskId) } };
      const document = `query ($by: UserBy!) { user(by: $by) { ${selection} } }`;
      const { data, errors } = await gateway.ask(key, document, { by });
      if (errors) throw new Error(JSON.stringify(errors));
      return data?.user;
    },
  };
}

export const done = (message: string, more: object = {}) => ({
  status: 200,
  body: { type: "result", message, ...more },
});

/** A refusal with this message, or with one that matches the pattern. */
export const refused = (status: number, message: string | RegExp) => ({
  status,
  body: {
    status: "error",
    message: typeof message === "string" ? message : (expect.stringMatching(message) as string),
  },
});
