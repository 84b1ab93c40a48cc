import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from "node:http";

type Headers = Record<string, OutgoingHttpHeader | undefined>;

/**
 * An answer that keeps what is told beside whatever its door says, until the door writes its headers: those replace what has the
 * same name. All of them leave together, since Node looks more than once through each that is set by itself.
 */
export class BufferedResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** By names in small letters. Complete once the door has written its own. */
  readonly headers: Headers = {};

  override writeHead(
    status: number,
    own?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (typeof own === "string") return super.writeHead(status, own, this.headers);
    return super.writeHead(status, Object.assign(this.headers, own));
  }
}
