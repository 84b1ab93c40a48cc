import { GraphQLError } from "graphql";
import { CloseCode, makeServer, type OperationResult } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Actor } from "../../domain/actor.js";
import { DomainError, isUnavailable } from "../../errors/domain-error.js";
import { formatGraphQLErrors } from "../errors.js";
import { InterruptedError } from "../../outbox/subscriber.js";
import { RequestRefusal } from "../validation/operation-validator.js";
import { connectionSecretOf } from "../../http/origin.js";
import { morePointsFor, type RateLimits } from "../../http/rate-limit/limits.js";
import { actorFields } from "../../observability/logging/request-log.js";
import { type Logger, logFailure } from "../../observability/logging/logger.js";
import type { Services } from "../../services/index.js";
import type { SubscriptionExecutor, PreparedSubscription } from "./executor.js";
import { CREDENTIAL_ENDED, type OpenConnections } from "./open-connections.js";

export interface WebSocketProtocolOptions {
  readonly executor: SubscriptionExecutor;
  readonly connections: OpenConnections;
  readonly services: Services;
  readonly rateLimits: RateLimits;
  readonly logger: Logger;
  readonly maxSubscriptions: number;
}

/** What the protocol needs of a socket. */
export interface ProtocolSocket {
  readonly socket: WebSocket;
  readonly requestId: string;
  readonly address: string;
  /** From the `Authorization` header of the handshake. */
  readonly secret: string | undefined;
  /** Resolves when the data has been written to the network. */
  readonly send: (data: string) => Promise<void>;
}

/** State of a socket beside that of graphql-ws, which calls it `extra`. */
interface Extra extends ProtocolSocket {
  actor?: Actor;
  /** Removes the socket from the open connections. */
  remove?: () => void;
  /** Ids of the subscriptions that have not ended yet, including those that the client has completed. */
  readonly ids: Set<string>;
}

const INIT_TIMEOUT_MS = 5000;
/** The limit for the reason in a close frame (RFC 6455, section 5.5). */
const REASON_MAX_BYTES = 123;

/** Clients of `graphql-ws` reconnect by themselves on this code. */
const TRY_AGAIN_LATER = 1013;

/** The protocol graphql-transport-ws, for subscriptions only. */
export function createWebSocketProtocol(options: WebSocketProtocolOptions) {
  const { logger } = options;
  const server = createServer(options);
  return (protocolSocket: ProtocolSocket) => {
    const { socket, requestId, address, send } = protocolSocket;
    const openedAt = performance.now();
    const extra: Extra = { ...protocolSocket, ids: new Set() };
    let onMessage: (data: string) => Promise<void> = () => Promise.resolve();
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send,
        close: (code, reason = "") => socket.close(code, fittingReason(reason)),
        onMessage: (receive) => {
          onMessage = receive;
        },
      },
      extra,
    );
    const fail = (error: unknown) => {
      logFailure(logger, { requestId }, error);
      if (isUnavailable(error)) closeForRetry(extra, "Connect again later");
      else socket.close(CloseCode.InternalServerError, "Internal server error");
    };
    return {
      receive: (data: string) => onMessage(data).catch(fail),
      closed: (code: number, reason: string) => {
        const ms = Math.round(performance.now() - openedAt);
        logger.info(
          { requestId, door: "GRAPHQL", code, ms, address, ...actorFields(extra.actor) },
          "socket",
        );
        void closed(code, reason)?.catch(fail);
      },
    };
  };
}

function createServer(options: WebSocketProtocolOptions) {
  const { executor, rateLimits, maxSubscriptions } = options;
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ extra, connectionParams }) =>
      authenticate(extra, connectionSecretOf(connectionParams) ?? extra.secret, options),
    onClose: ({ extra }) => extra.remove?.(),
    onSubscribe: async ({ extra }, id, payload) => {
      const { socket, ids, actor } = extra;
      // graphql-ws frees an id as soon as the client completes it, and would take the end of the old subscription for
      // that of the new one.
      if (ids.has(id)) socket.close(CloseCode.SubscriberAlreadyExists, "The id is still in use");
      if (ids.size >= maxSubscriptions) return [tooMany(maxSubscriptions)];
      if (!actor || socket.readyState !== socket.OPEN)
        return [new GraphQLError("The connection is closing")];
      ids.add(id);
      try {
        const prepared = executor.prepare(actor, payload);
        await rateLimits.takeForCredential(null, actor, 1 + morePointsFor(prepared.cost));
        return prepared;
      } catch (error) {
        ids.delete(id);
        return refusalErrors(error);
      }
    },
    subscribe: (args) => executor.subscribe(args as PreparedSubscription) as OperationResult,
    // The executor has formatted the errors already.
    onNext: (_context, _id, _payload, _args, result) => result,
    onError: ({ extra }, _id, _payload, errors) => {
      if (errors.some(isInterrupted)) closeForRetry(extra, "Connect again and resume");
      return formatGraphQLErrors(errors);
    },
    onComplete: ({ extra }, id) => void extra.ids.delete(id),
  });
}

/** @throws the error, when it concerns the connection and not only this subscription */
function refusalErrors(error: unknown): readonly GraphQLError[] {
  if (error instanceof RequestRefusal) return error.errors;
  if (!(error instanceof DomainError) || isUnavailable(error)) throw error;
  return [new GraphQLError(error.message, { originalError: error })];
}

/** @returns false after it has closed the socket */
async function authenticate(
  extra: Extra,
  secret: string | undefined,
  { services, connections, rateLimits, logger }: WebSocketProtocolOptions,
): Promise<boolean> {
  const { socket, requestId, address } = extra;
  try {
    const origin = { door: "GRAPHQL", requestId, address } as const;
    const actor = await services.authentication.authenticate(secret ?? "", origin);
    await rateLimits.takeForCredential(null, actor);
    const end = () => socket.close(CloseCode.Unauthorized, CREDENTIAL_ENDED);
    extra.remove = await connections.add({ actor, end });
    extra.actor = actor;
    if (socket.readyState !== socket.OPEN) extra.remove();
    return true;
  } catch (error) {
    logFailure(logger, { requestId }, error);
    if (!(error instanceof DomainError)) closeForRetry(extra, "Connect again later");
    else if (error.code !== "UNAUTHENTICATED") closeForRetry(extra, error.message);
    else socket.close(CloseCode.Unauthorized, error.message);
    return false;
  }
}

const closeForRetry = ({ socket }: Extra, reason: string): void =>
  socket.close(TRY_AGAIN_LATER, reason);

const tooMany = (max: number): GraphQLError =>
  new GraphQLError(`A socket has at most ${max} subscriptions`, {
    extensions: { code: "RATE_LIMITED" },
  });

/** The client was too slow, or the database failed: a client that resumes loses no event. */
const isInterrupted = ({ originalError }: GraphQLError): boolean =>
  originalError instanceof InterruptedError;

/** graphql-ws repeats what the client sent in its reasons, so they may be too long. */
const fittingReason = (reason: string): string =>
  Buffer.byteLength(reason) <= REASON_MAX_BYTES ? reason : "";
