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
import { ENDED, type OpenConnections } from "./open-connections.js";

export interface SocketProtocolOptions {
  readonly executor: SubscriptionExecutor;
  readonly connections: OpenConnections;
  readonly services: Services;
  readonly rateLimits: RateLimits;
  readonly logger: Logger;
  readonly maxSubscriptions: number;
}

/** A socket, as its protocol sees it. */
export interface ProtocolSocket {
  readonly socket: WebSocket;
  readonly requestId: string;
  readonly address: string;
  /** From the handshake, for clients that can send headers. */
  readonly secret: string | undefined;
  /** Resolves when the network has taken it. */
  readonly send: (data: string) => Promise<void>;
}

/** What is known of a socket besides what graphql-ws knows. */
interface Extra extends ProtocolSocket {
  actor?: Actor;
  leave?: () => void;
  /** Of subscriptions that are not over yet, also of those that the client has completed. */
  readonly ids: Set<string>;
}

const INIT_TIMEOUT_MS = 5000;
/** What a close frame has room for. */
const REASON_MAX_BYTES = 123;

/** Asks a client to connect again, which `graphql-ws` clients do by themselves. */
const TRY_AGAIN_LATER = 1013;

/** The protocol graphql-transport-ws, for subscriptions. */
export function createSocketProtocol(options: SocketProtocolOptions) {
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
        close: (code, reason = "") => socket.close(code, fitting(reason)),
        onMessage: (receive) => {
          onMessage = receive;
        },
      },
      extra,
    );
    const fail = (error: unknown) => {
      logFailure(logger, { requestId }, error);
      if (isUnavailable(error)) closeForAnotherTry(extra, "Connect again later");
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

function createServer(options: SocketProtocolOptions) {
  const { executor, rateLimits, maxSubscriptions } = options;
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: ({ extra, connectionParams }) =>
      signIn(extra, connectionSecretOf(connectionParams) ?? extra.secret, options),
    onClose: ({ extra }) => extra.leave?.(),
    onSubscribe: async ({ extra }, id, payload) => {
      const { socket, ids, actor } = extra;
      // graphql-ws forgets a completed one at once, and would mistake its end for that of the new one.
      if (ids.has(id)) socket.close(CloseCode.SubscriberAlreadyExists, "The id is still in use");
      if (ids.size >= maxSubscriptions) return [tooMany(maxSubscriptions)];
      if (!actor || socket.readyState !== socket.OPEN) return [new GraphQLError("It closes")];
      ids.add(id);
      try {
        const prepared = executor.prepare(actor, payload);
        await rateLimits.takeForCredential(null, actor, 1 + morePointsFor(prepared.cost));
        return prepared;
      } catch (error) {
        ids.delete(id);
        return refusalsOf(error);
      }
    },
    subscribe: (args) => executor.subscribe(args as PreparedSubscription) as OperationResult,
    // Formatted already, so graphql-ws has nothing to do about their errors.
    onNext: (_context, _id, _payload, _args, result) => result,
    onError: ({ extra }, _id, _payload, errors) => {
      if (errors.some(isForAnotherTry)) closeForAnotherTry(extra, "Connect again and resume");
      return formatGraphQLErrors(errors);
    },
    onComplete: ({ extra }, id) => void extra.ids.delete(id),
  });
}

/** @throws whatever is no refusal of this subscription alone */
function refusalsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof RequestRefusal) return error.errors;
  if (!(error instanceof DomainError) || isUnavailable(error)) throw error;
  return [new GraphQLError(error.message, { originalError: error })];
}

/** @returns false when the socket was told to close instead */
async function signIn(
  extra: Extra,
  secret: string | undefined,
  { services, connections, rateLimits, logger }: SocketProtocolOptions,
): Promise<boolean> {
  const { socket, requestId, address } = extra;
  try {
    const origin = { door: "GRAPHQL", requestId, address } as const;
    const actor = await services.authentication.authenticate(secret ?? "", origin);
    await rateLimits.takeForCredential(null, actor);
    const end = () => socket.close(CloseCode.Unauthorized, ENDED);
    extra.leave = await connections.add({ actor, end });
    extra.actor = actor;
    if (socket.readyState !== socket.OPEN) extra.leave();
    return true;
  } catch (error) {
    logFailure(logger, { requestId }, error);
    if (!(error instanceof DomainError)) closeForAnotherTry(extra, "Connect again later");
    else if (error.code !== "UNAUTHENTICATED") closeForAnotherTry(extra, error.message);
    else socket.close(CloseCode.Unauthorized, error.message);
    return false;
  }
}

const closeForAnotherTry = ({ socket }: Extra, reason: string): void =>
  socket.close(TRY_AGAIN_LATER, reason);

const tooMany = (max: number): GraphQLError =>
  new GraphQLError(`A socket has at most ${max} subscriptions`, {
    extensions: { code: "RATE_LIMITED" },
  });

/** The reader was too slow, or the database failed just then: nothing is lost to who comes back. */
const isForAnotherTry = ({ originalError }: GraphQLError): boolean =>
  originalError instanceof InterruptedError;

/** The reasons of graphql-ws repeat what the client sent. */
const fitting = (reason: string): string =>
  Buffer.byteLength(reason) <= REASON_MAX_BYTES ? reason : "";
