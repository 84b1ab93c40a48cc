import { Agent, request } from "node:http";
import { ADMIN_KEY } from "./bench-server.js";

const RESERVE = `mutation ($input: ReserveUserForLiveChannelInput!) {
  reserveUserForLiveChannel(input: $input) { reservation { id fencingToken } }
}`;

interface Response {
  readonly data?: object | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

export interface Callers {
  readonly send: (caller: number, query: string, variables: object) => Promise<Response>;
  /** @returns whether the caller got the slot */
  readonly reserve: (caller: number, userId: string) => Promise<boolean>;
  readonly close: () => void;
}

/** Clients of the gateway, each with its own open connection. */
export async function openCallers(url: string, count: number): Promise<Callers> {
  const agents = Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const send = (caller: number, query: string, variables: object): Promise<Response> =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        authorization: `Bearer ${ADMIN_KEY}`,
      };
      const options = { method: "POST", headers, agent: agents[caller] };
      const outgoing = request(`${url}/graphql`, options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(JSON.parse(text) as Response));
        response.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(JSON.stringify({ query, variables }));
    });
  await Promise.all(agents.map((_, caller) => send(caller, "{ __typename }", {})));
  return {
    send,
    reserve: async (caller, id) => {
      const { errors } = await send(caller, RESERVE, { input: { user: { id } } });
      const code = errors?.[0]?.extensions.code;
      if (code !== undefined && code !== "NOT_AVAILABLE") throw new Error(`refused: ${code}`);
      return code === undefined;
    },
    close: () => agents.forEach((agent) => agent.destroy()),
  };
}
