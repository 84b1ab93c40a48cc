import { connect, type Socket } from "node:net";

/** What stands between the headers and the body. */
const BLANK_LINE = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/**
 * One kept-alive connection that sends a request once the last one is answered. It reads no more of HTTP than a load
 * driver needs, because what the driver takes of the processor the servers do not have.
 */
export class HttpConnection {
  private readonly host: string;
  private readonly port: number;
  /** Opened when it is needed; undefined once the server has closed it. */
  private socket: Socket | undefined;
  private received: Buffer[] = [];
  private size = 0;
  /** Of the answer that is coming in, once its headers are there; infinite when it ends with its last chunk. */
  private expected: number | null = null;
  /** Whether the server will close the connection behind that answer. */
  private isLast = false;
  private done: ((answer: Buffer) => void) | undefined;
  private fail: ((error: Error) => void) | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    [this.host, this.port] = [hostname, Number(port)];
  }

  /**
   * @returns the whole answer, with its headers
   * @throws when the server hangs up instead
   */
  send(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      [this.done, this.fail] = [resolve, reject];
      this.socket ??= this.open();
      this.socket.write(request);
    });
  }

  close(): void {
    this.fail = undefined;
    this.socket?.destroy();
    this.socket = undefined;
  }

  private open(): Socket {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    socket.on("data", (piece) => this.take(piece));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.socket !== socket) return;
      this.forget();
      this.fail?.(new Error("the server has hung up"));
    });
    return socket;
  }

  private forget(): void {
    this.socket = undefined;
    [this.received, this.size, this.expected] = [[], 0, null];
  }

  private take(piece: Buffer): void {
    this.received.push(piece);
    this.size += piece.length;
    this.expected ??= this.expectedSize();
    if (this.expected === null) return;
    const isWhole =
      this.expected === Infinity ? endsWithLastChunk(this.received) : this.size >= this.expected;
    if (!isWhole) return;
    const answer = this.received.length === 1 ? piece : Buffer.concat(this.received);
    [this.received, this.size, this.expected] = [[], 0, null];
    if (this.isLast) this.close();
    this.done?.(answer);
  }

  private expectedSize(): number | null {
    const start = Buffer.concat(this.received);
    const end = start.indexOf(BLANK_LINE);
    if (end < 0) return null;
    const headers = start.toString("latin1", 0, end);
    this.isLast = /\r\nconnection: *close/i.test(headers);
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(headers) ?? [];
    return length === undefined ? Infinity : end + BLANK_LINE.length + Number(length);
  }
}

/** The end may be cut anywhere. */
function endsWithLastChunk(pieces: readonly Buffer[]): boolean {
  let tail = pieces.at(-1) ?? Buffer.alloc(0);
  if (tail.length < LAST_CHUNK.length) tail = Buffer.concat(pieces.slice(-LAST_CHUNK.length));
  return tail.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

/** The body of a whole answer, as text. */
export function bodyOf(answer: Buffer): string {
  const end = answer.indexOf(BLANK_LINE) + BLANK_LINE.length;
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(answer.toString("latin1", 0, end));
  if (!isChunked) return answer.toString("utf8", end);
  const pieces: Buffer[] = [];
  for (let at = end; ;) {
    const lineEnd = answer.indexOf("\r\n", at);
    const size = parseInt(answer.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces).toString("utf8");
    const start = lineEnd + "\r\n".length;
    pieces.push(answer.subarray(start, start + size));
    at = start + size + "\r\n".length;
  }
}
