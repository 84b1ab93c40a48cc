import { GraphQLError } from "graphql";
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type OperationResult,
  type SubscribePayload,
} from "graphql-ws";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Actor } from "../domain/actor.js";
import { DomainError } from "../errors/domain-error.js";
import { formatGraphQLError } from "../errors/graphql.js";
import { SlowConsumerError } from "../events/subscriber.js";
import { RequestRefusal } from "../graphql/admission.js";
import { addressOf, bearerOf, mayConnect, requestIdOf, secretOf } from "../http/origin.js";
import type { Logger } from "../logger.js";
import type { Services } from "../services/index.js";
import {
  AnswerFailedError,
  type LiveExecutor,
  type PreparedSubscription,
} from "./live-executor.js";
import type { OpenConnections } from "./open-connections.js";

export interface WebSocketOptions {
  readonly executor: LiveExecutor;
  readonly connections: OpenConnections;
  readonly services: Services;
  readonly logger: Logger;
  readonly maxMessageBytes: number;
  readonly maxSubscriptions: number;
  /** Other sites whose pages may connect. */
  readonly allowedOrigins: readonly string[];
}

/** What is known of a socket besides what graphql-ws knows. */
interface Extra {
  readonly socket: WebSocket;
  readonly requestId: string;
  readonly address: string;
  /** From the handshake, for clients that can send headers. */
  readonly secret: string | undefined;
  actor?: Actor;
  leave?: () => void;
}

/** A socket that has not answered by the next ping is gone. */
const PING_INTERVAL_MS = 12_000;
const INIT_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 2000;

/** Asks a client to connect again, which `graphql-ws` clients do by themselves. */
const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

/** The protocol graphql-transport-ws at `/graphql`, for subscriptions. */
export class WebSockets {
  private readonly server: WebSocketServer;
  private readonly open = new Set<WebSocket>();
  private readonly silent = new Set<WebSocket>();
  private readonly pinging: NodeJS.Timeout;
  private readonly protocol = this.createProtocol();
  private isClosing = false;

  constructor(private readonly options: WebSocketOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      handleProtocols,
    });
    this.pinging = setInterval(() => this.ping(), PING_INTERVAL_MS).unref();
  }

  /** For the `upgrade` event of the HTTP server. */
  readonly upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on("error", () => stream.destroy());
    const refusal = this.refusalOf(request);
    if (refusal) {
      stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.server.handleUpgrade(request, stream, head, (socket) => this.opened(socket, request));
  };

  /** Tells all clients to connect elsewhere, and waits a little for them to go. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.pinging);
    const closed = [...this.open].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    for (const socket of this.open) socket.close(GOING_AWAY, "Going away");
    const cut = setTimeout(() => {
      for (const socket of this.open) socket.terminate();
    }, CLOSE_TIMEOUT_MS);
    await Promise.all(closed);
    clearTimeout(cut);
  }

  private refusalOf({ url = "/", headers }: IncomingMessage): string | null {
    if (url.split("?", 1)[0] !== "/graphql") return "404 Not Found";
    if (!mayConnect(headers, this.options.allowedOrigins)) return "403 Forbidden";
    const isFull = this.isClosing || this.options.connections.isFull;
    return isFull ? "503 Service Unavailable\r\nRetry-After: 5" : null;
  }

  private opened(socket: WebSocket, request: IncomingMessage): void {
    this.open.add(socket);
    socket.on("error", () => socket.terminate());
    socket.on("pong", () => this.silent.delete(socket));
    const extra = {
      socket,
      requestId: requestIdOf(request),
      address: addressOf(request),
      secret: bearerOf(request),
    };
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on("message", (data: Buffer) => {
            receive(data.toString()).catch((error: unknown) => this.failed(extra, error));
          }),
      },
      extra,
    );
    socket.once("close", (code, reason) => {
      this.open.delete(socket);
      this.silent.delete(socket);
      void closed(code, reason.toString());
    });
  }

  private failed({ socket, requestId }: Extra, error: unknown): void {
    this.options.logger.error({ requestId, err: error }, "a socket failed unexpectedly");
    socket.close(CloseCode.InternalServerError, "Internal server error");
  }

  private ping(): void {
    for (const socket of this.silent) socket.terminate();
    for (const socket of this.open) {
      this.silent.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }

  private createProtocol() {
    const { executor, maxSubscriptions } = this.options;
    const prepare = ({ actor, socket }: Extra, payload: SubscribePayload) => {
      if (!actor || socket.readyState !== socket.OPEN)
        return [new GraphQLError("The socket closes")];
      try {
        return executor.prepare(actor, payload);
      } catch (error) {
        if (error instanceof RequestRefusal) return error.errors;
        throw error;
      }
    };
    return makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: ({ extra, connectionParams }) =>
        this.signIn(extra, secretOf(connectionParams) ?? extra.secret),
      onClose: ({ extra }) => extra.leave?.(),
      onSubscribe: ({ extra, subscriptions }, _id, payload) => {
        const count = Object.keys(subscriptions).length;
        return count > maxSubscriptions ? [tooMany(maxSubscriptions)] : prepare(extra, payload);
      },
      subscribe: (args) => executor.subscribe(args as PreparedSubscription) as OperationResult,
      // Formatted already, so graphql-ws has nothing to do about their errors.
      onNext: (_context, _id, _payload, _args, result) => result,
      onError: ({ extra }, _id, _payload, errors) => {
        if (errors.some(isForAnotherTry))
          extra.socket.close(TRY_AGAIN_LATER, "Connect again and resume");
        return errors.map((error) => formatGraphQLError(error.toJSON(), error));
      },
    });
  }

  /** @returns false when the socket was told to close instead */
  private async signIn(extra: Extra, secret: string | undefined): Promise<boolean> {
    const { socket, requestId, address } = extra;
    const { services, connections } = this.options;
    try {
      const origin = { door: "GRAPHQL", requestId, address } as const;
      const actor = await services.authentication.authenticate(secret ?? "", origin);
      extra.actor = actor;
      const end = () => socket.close(CloseCode.Unauthorized, "The credential has ended");
      extra.leave = await connections.add({ actor, end });
      if (socket.readyState !== socket.OPEN) extra.leave();
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === "UNAUTHENTICATED") socket.close(CloseCode.Unauthorized, error.message);
      else socket.close(TRY_AGAIN_LATER, error.message);
      return false;
    }
  }
}

const tooMany = (max: number): GraphQLError =>
  new GraphQLError(`A socket has at most ${max} subscriptions`, {
    extensions: { code: "RATE_LIMITED" },
  });

/** The reader was too slow, or the database failed just then: nothing is lost to who comes back. */
const isForAnotherTry = ({ originalError }: GraphQLError): boolean =>
  originalError instanceof SlowConsumerError || originalError instanceof AnswerFailedError;

/** Resolves when the network has taken it, which makes a slow reader's events wait in their queue. */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(data, () => resolve()));
}
