import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from "node:http";

type Headers = Record<string, OutgoingHttpHeader | undefined>;

/**
 * A response whose common headers are collected in `headers` and written together with those of its API, which replace any of the same
 * name. Passing all of them to `writeHead` is cheaper than `setHeader` for each: Node validates every header that is set by itself.
 */
export class BufferedResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** By lower-case names. Complete once `writeHead` was called. */
  readonly headers: Headers = {};

  override writeHead(
    status: number,
    headers?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (typeof headers === "string") return super.writeHead(status, headers, this.headers);
    return super.writeHead(status, Object.assign(this.headers, headers));
  }
}
