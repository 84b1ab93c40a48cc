/** A request to one of the servers. */
export interface WireRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

/** The bytes on the wire. */
export function toBytes(
  { method, path, body }: WireRequest,
  headers: Readonly<Record<string, string>>,
): Buffer {
  const all = {
    host: "127.0.0.1",
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
}
