import { type ClientRequest, type IncomingMessage, request } from "node:http";

/** A request at the event stream, without a library around it. */
export interface RawStream {
  readonly request: ClientRequest;
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** What comes next; empty when it has ended. @throws when it is broken off */
  readonly read: () => Promise<string>;
  /** All that comes until the end. @throws when it is broken off */
  readonly rest: () => Promise<string>;
  readonly response: IncomingMessage;
}

export interface RawStreamOptions {
  readonly method?: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body is sent by the test itself. */
  readonly isUnfinished?: boolean;
}

export function startRawStream(
  url: string,
  secret: string | null,
  { method = "POST", search = "", headers, body, isUnfinished = false }: RawStreamOptions = {},
): ClientRequest {
  const started = request(`${url}/graphql/stream${search}`, {
    method,
    agent: false,
    headers: {
      ...(method === "POST" ? { "content-type": "application/json" } : {}),
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...headers,
    },
  });
  if (!isUnfinished) started.end(method === "POST" ? JSON.stringify(body) : undefined);
  return started;
}

export async function openRawStream(
  ...args: Parameters<typeof startRawStream>
): Promise<RawStream> {
  const started = startRawStream(...args);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    started.once("response", resolve);
    started.once("error", reject);
  });
  const chunks = response.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  const read = async () => {
    const { value } = await chunks.next();
    return value?.toString() ?? "";
  };
  return {
    request: started,
    response,
    status: response.statusCode ?? 0,
    headers: response.headers,
    read,
    rest: async () => {
      let text = "";
      for (let chunk = await read(); chunk !== ""; chunk = await read()) text += chunk;
      return text;
    },
  };
}
