import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { DomainError, isUnavailable } from "../../errors/domain-error.js";
import { addressOf, bearerOf, isAllowedOrigin, requestIdOf } from "../../http/origin.js";
import { type RawResponse, refuseUpgrade } from "../../http/raw-response.js";
import { createWebSocketProtocol, type WebSocketProtocolOptions } from "./websocket-protocol.js";

export interface WebSocketOptions extends WebSocketProtocolOptions {
  readonly maxSockets: number;
  readonly maxMessageBytes: number;
  /** Origins of other sites whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  readonly hstsSeconds: number;
}

/** A socket that has not sent a pong by the next ping is terminated. */
const PING_INTERVAL_MS = 12_000;
const CLOSE_TIMEOUT_MS = 2000;
/** While more than this waits to be sent to a client, the gateway does not read from it. */
const MAX_BUFFERED_BYTES = 65_536;

const GOING_AWAY = 1001;
const RETRY_AFTER_SECONDS = 5;

/** The WebSockets at `/graphql`: the handshake, backpressure, pings and the close. */
export class WebSocketTransport {
  private readonly server: WebSocketServer;
  private readonly open = new Set<WebSocket>();
  private readonly awaitingPong = new Set<WebSocket>();
  private readonly pingTimer: NodeJS.Timeout;
  private readonly protocol;
  private isClosing = false;

  constructor(private readonly options: WebSocketOptions) {
    this.protocol = createWebSocketProtocol(options);
    // @types/ws lacks `closeTimeout`.
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
    this.pingTimer = setInterval(() => this.ping(), PING_INTERVAL_MS).unref();
  }

  /** Open sockets, whether authenticated or not. */
  get count(): number {
    return this.open.size;
  }

  /** Handles an upgrade request. */
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

  /** Closes all sockets with 1001, so that their clients reconnect to another process, and waits until they have closed. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.pingTimer);
    const closed = [...this.open].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    for (const socket of this.open) {
      // A paused socket would not receive the close frame of the client.
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
    // After an error, ws closes the socket with the code for it.
    socket.on("error", () => undefined);
    socket.on("pong", () => this.awaitingPong.delete(socket));
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
      this.awaitingPong.delete(socket);
      closed(code, reason.toString());
    });
  }

  private ping(): void {
    for (const socket of this.awaitingPong) socket.terminate();
    for (const socket of this.open) {
      this.awaitingPong.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}

const retryLater = (status: number, seconds: unknown): RawResponse => ({
  status,
  headers: { "retry-after": String(Number(seconds)) },
});

/**
 * Resolves when the data has been written to the network, so that the events of a slow client stay in their
 * bounded queue. A client that sends more than it reads is paused.
 */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    socket.send(data, () => {
      if (socket.isPaused && socket.bufferedAmount <= MAX_BUFFERED_BYTES) socket.resume();
      resolve();
    });
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.pause();
  });
}
