import { type ClientRequest, type IncomingMessage, request } from "node:http";

/** A request to the event stream without a client library. */
export interface RawStream {
  readonly request: ClientRequest;
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** The next chunk; empty at the end. @throws when the connection breaks */
  readonly read: () => Promise<string>;
  /** The rest of the stream. @throws when the connection breaks */
  readonly rest: () => Promise<string>;
  readonly response: IncomingMessage;
}

export interface RawStreamOptions {
  readonly method?: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The test sends the body itself. */
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
