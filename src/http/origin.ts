import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { TraceParent } from "../observability/request-context.js";

const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** The id that the client has given the request, so that logs of several systems can be joined; otherwise a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The parent span that a trusted proxy names (W3C Trace Context); otherwise null. */
export function traceParentOf(request: IncomingMessage): TraceParent | null {
  const { traceparent } = request.headers;
  if (typeof traceparent !== "string" || !clients.has(request)) return null;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/**
 * The secret of an `Authorization: Bearer` header.
 *
 * @returns undefined without the header; an empty text, which is no credential, for any other scheme or shape
 */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return secretIn(authorization);
}

const secretIn = (authorization: string): string =>
  /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";

/** The same from the first message of a WebSocket, since pages cannot set headers of its handshake. */
export function connectionSecretOf(
  connectionParams: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const given = connectionParams.authorization ?? connectionParams.Authorization;
  if (given === undefined || given === null) return undefined;
  return typeof given === "string" ? secretIn(given) : "";
}

/** Whether a page of this origin, or a client that is no browser, may open a WebSocket. Browsers do not restrict that themselves. */
export function isAllowedOrigin(
  { origin, host }: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The client of a request that a trusted proxy has forwarded. */
interface Client {
  readonly address: string;
  readonly isHttps: boolean;
}
const clients = new WeakMap<IncomingMessage, Client>();

/** Called before any other handler of the request. */
export const setForwardedClient = (request: IncomingMessage, client: Client): void =>
  void clients.set(request, client);

/** The address of the peer. An IPv4 address on an IPv6 socket is written as IPv4. */
export const peerOf = ({ socket }: IncomingMessage): string =>
  (socket.remoteAddress ?? "unknown").replace(/^::ffff:/, "");

/** The address of the client: that of the peer, unless the peer is a trusted proxy. */
export const addressOf = (request: IncomingMessage): string =>
  clients.get(request)?.address ?? peerOf(request);

/** Whether the client used HTTPS, by a trusted proxy's account: the gateway itself serves HTTP only. */
export const isHttps = (request: IncomingMessage): boolean =>
  clients.get(request)?.isHttps ?? false;
