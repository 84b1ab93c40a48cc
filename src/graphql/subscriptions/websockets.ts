import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { DomainError, isUnavailable } from "../../errors/domain-error.js";
import { addressOf, bearerOf, isAllowedOrigin, requestIdOf } from "../../http/origin.js";
import { type RawResponse, refuseUpgrade } from "../../http/raw-response.js";
import { createSocketProtocol, type SocketProtocolOptions } from "./websocket-protocol.js";

export interface WebSocketOptions extends SocketProtocolOptions {
  readonly maxSockets: number;
  readonly maxMessageBytes: number;
  /** Other sites whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  readonly hstsSeconds: number;
}

/** A socket that has not answered by the next ping is gone. */
const PING_INTERVAL_MS = 12_000;
const CLOSE_TIMEOUT_MS = 2000;
/** While more than that waits for a client to read, nothing more is read from it. */
const MAX_UNREAD_BYTES = 65_536;

const GOING_AWAY = 1001;
const RETRY_AFTER_SECONDS = 5;

/** The sockets at `/graphql`: who may connect, what they send and take, and how they end. */
export class WebSockets {
  private readonly server: WebSocketServer;
  private readonly open = new Set<WebSocket>();
  private readonly silent = new Set<WebSocket>();
  private readonly pinging: NodeJS.Timeout;
  private readonly protocol;
  private isClosing = false;

  constructor(private readonly options: WebSocketOptions) {
    this.protocol = createSocketProtocol(options);
    // Its types do not know of `closeTimeout` yet.
    const settings: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols,
    };
    this.server = new WebSocketServer(settings);
    this.server.on("wsClientError", (_error, stream, request) => {
      const headers = { "sec-websocket-version": "13" };
      refuseUpgrade(request, stream, { status: 400, headers }, options.hstsSeconds);
    });
    this.pinging = setInterval(() => this.ping(), PING_INTERVAL_MS).unref();
  }

  /** How many are open, whether somebody has signed in or not. */
  get count(): number {
    return this.open.size;
  }

  /** For requests that ask for a socket. */
  readonly upgrade = async (
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
  ): Promise<void> => {
    stream.on("error", () => stream.destroy());
    const refusal = await this.refusalOf(request);
    if (refusal) refuseUpgrade(request, stream, refusal, this.options.hstsSeconds);
    else this.server.handleUpgrade(request, stream, head, (socket) => this.opened(socket, request));
  };

  /** Tells all clients to connect elsewhere, and waits a little for them to go. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.pinging);
    const closed = [...this.open].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    for (const socket of this.open) {
      // One that is not read from would not see the answer.
      socket.resume();
      socket.close(GOING_AWAY, "Going away");
    }
    await Promise.all(closed);
  }

  private async refusalOf(request: IncomingMessage): Promise<RawResponse | null> {
    const { url = "/", headers } = request;
    const { connections, maxSockets, allowedOrigins, rateLimits } = this.options;
    if (url.split("?", 1)[0] !== "/graphql") return { status: 404 };
    if (!isAllowedOrigin(headers, allowedOrigins)) return { status: 403 };
    try {
      await rateLimits.takeForAddress(null, addressOf(request));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return retryLater(isUnavailable(error) ? 503 : 429, error.details.retryAfterSeconds);
    }
    const isFull = this.isClosing || connections.isFull || this.open.size >= maxSockets;
    return isFull ? retryLater(503, RETRY_AFTER_SECONDS) : null;
  }

  private opened(socket: WebSocket, request: IncomingMessage): void {
    this.open.add(socket);
    // It closes the socket by itself, and says why.
    socket.on("error", () => undefined);
    socket.on("pong", () => this.silent.delete(socket));
    const { receive, closed } = this.protocol({
      socket,
      requestId: requestIdOf(request),
      address: addressOf(request),
      secret: bearerOf(request),
      send: (data) => send(socket, data),
    });
    socket.on("message", (data: Buffer) => void receive(data.toString()));
    socket.once("close", (code, reason) => {
      this.open.delete(socket);
      this.silent.delete(socket);
      closed(code, reason.toString());
    });
  }

  private ping(): void {
    for (const socket of this.silent) socket.terminate();
    for (const socket of this.open) {
      this.silent.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}

const retryLater = (status: number, seconds: unknown): RawResponse => ({
  status,
  headers: { "retry-after": String(Number(seconds)) },
});

/**
 * Resolves when the network has taken it, which makes a slow reader's events wait in their queue. Who asks
 * more than they read is not asked for more.
 */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    socket.send(data, () => {
      if (socket.isPaused && socket.bufferedAmount <= MAX_UNREAD_BYTES) socket.resume();
      resolve();
    });
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.pause();
  });
}
