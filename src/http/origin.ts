import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { TraceParent } from "../observability/request-context.js";

const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** The caller's own id of the request, so that logs of several systems can be joined; else a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** What a trusted proxy says that the request is part of, by W3C's Trace Context; else null. */
export function traceParentOf(request: IncomingMessage): TraceParent | null {
  const { traceparent } = request.headers;
  if (typeof traceparent !== "string" || !clients.has(request)) return null;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/**
 * The secret of an `Authorization: Bearer` header. A header in any other shape is a credential that
 * nobody has, which is told from no credential at all.
 */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return secretIn(authorization);
}

const secretIn = (authorization: string): string =>
  /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";

/** The same from the first message of a socket, since browsers let nobody set headers for one. */
export function connectionSecretOf(
  connectionParams: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const given = connectionParams.authorization ?? connectionParams.Authorization;
  if (given === undefined || given === null) return undefined;
  return typeof given === "string" ? secretIn(given) : "";
}

/** Whether a page of this origin, or no page at all, may open a socket: browsers let any page try. */
export function isAllowedOrigin(
  { origin, host }: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Who has sent a request, where a trusted proxy has passed it on. */
interface Client {
  readonly address: string;
  readonly isHttps: boolean;
}
const clients = new WeakMap<IncomingMessage, Client>();

/** Once, before anybody asks. */
export const setForwardedClient = (request: IncomingMessage, client: Client): void =>
  void clients.set(request, client);

/** Who is at the other end of the connection. An IPv4 address is spelled as one, however the socket sees it. */
export const peerOf = ({ socket }: IncomingMessage): string =>
  (socket.remoteAddress ?? "unknown").replace(/^::ffff:/, "");

/** Where the request comes from: the peer, unless that is a trusted proxy. */
export const addressOf = (request: IncomingMessage): string =>
  clients.get(request)?.address ?? peerOf(request);

/** Whether the client has reached us by HTTPS: the gateway itself speaks HTTP. */
export const isHttps = (request: IncomingMessage): boolean =>
  clients.get(request)?.isHttps ?? false;
