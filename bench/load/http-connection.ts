import { connect, type Socket } from "node:net";

/** Between headers and body. */
const BLANK_LINE = "\r\n\r\n";
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/**
 * A keep-alive connection with one request at a time. It parses only as much HTTP as a load driver needs: the servers run on
 * the same processors.
 */
export class HttpConnection {
  private readonly host: string;
  private readonly port: number;
  /** Opened on demand; undefined after the server has closed it. */
  private socket: Socket | undefined;
  private received: Buffer[] = [];
  private size = 0;
  /** Size of the current response, once its headers are complete. Infinite for a chunked one. */
  private expected: number | null = null;
  /** Whether the server closes the connection after this response. */
  private isLast = false;
  private done: ((response: Buffer) => void) | undefined;
  private fail: ((error: Error) => void) | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    [this.host, this.port] = [hostname, Number(port)];
  }

  /**
   * @returns the complete response, with its headers
   * @throws when the server closes the connection instead
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
    socket.on("data", (chunk) => this.take(chunk));
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

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.size += chunk.length;
    this.expected ??= this.expectedSize();
    if (this.expected === null) return;
    const isWhole =
      this.expected === Infinity ? endsWithLastChunk(this.received) : this.size >= this.expected;
    if (!isWhole) return;
    const response = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    [this.received, this.size, this.expected] = [[], 0, null];
    if (this.isLast) this.close();
    this.done?.(response);
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

/** The terminator may be split anywhere. */
function endsWithLastChunk(pieces: readonly Buffer[]): boolean {
  let tail = pieces.at(-1) ?? Buffer.alloc(0);
  if (tail.length < LAST_CHUNK.length) tail = Buffer.concat(pieces.slice(-LAST_CHUNK.length));
  return tail.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

/** The body of a complete response, as text. */
export function bodyOf(response: Buffer): string {
  const end = response.indexOf(BLANK_LINE) + BLANK_LINE.length;
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(response.toString("latin1", 0, end));
  if (!isChunked) return response.toString("utf8", end);
  const pieces: Buffer[] = [];
  for (let at = end; ;) {
    const lineEnd = response.indexOf("\r\n", at);
    const size = parseInt(response.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces).toString("utf8");
    const start = lineEnd + "\r\n".length;
    pieces.push(response.subarray(start, start + size));
    at = start + size + "\r\n".length;
  }
}
