import type { IncomingMessage, ServerResponse } from "node:http";
import type { LegacyConfig } from "../config.js";
import { type Actor, anonymous } from "../domain/actor.js";
import { requirementOf } from "../domain/permission-table.js";
import { badInput, DomainError, unauthenticated } from "../errors/domain-error.js";
import { BodyTooLargeError } from "../http/read-body.js";
import type { Logger } from "../logger.js";
import type { Services } from "../services/index.js";
import { parseInput } from "../services/parse-input.js";
import { readWireBody, collectFields } from "./body.js";
import type { Dialect, HttpReply, LegacyContext, LegacyRoute, WireRequest } from "./dialect.js";
import { sendReply } from "./reply.js";
import { createRouter, type Match } from "./router.js";

export interface MountOptions {
  readonly services: Services;
  readonly config: LegacyConfig;
  readonly maxBodyBytes: number;
  readonly logger: Logger;
}

interface Mounted {
  readonly dialect: Dialect;
  readonly basePath: string;
  readonly match: (method: string, path: string) => Match;
}

/** @returns false for a path that belongs to no dialect */
export type LegacyHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<boolean>;

/** The only code that runs legacy requests: finds the dialect, authenticates, reads, asks, answers. */
export function mountDialects(dialects: readonly Dialect[], options: MountOptions): LegacyHandler {
  const mounted = dialects.flatMap((dialect): Mounted[] => {
    const basePath = dialect.basePath(options.config);
    return basePath === null ? [] : [{ dialect, basePath, match: createRouter(dialect) }];
  });
  // Omnidesk's base path starts like Clientexec's: the longer one is asked first.
  mounted.sort((a, b) => b.basePath.length - a.basePath.length);

  return async (request, response, requestId) => {
    const startedAt = Date.now();
    const url = new URL(request.url ?? "/", "http://gateway");
    for (const { dialect, basePath, match } of mounted) {
      const path = ownPath(dialect, basePath, url.pathname);
      if (path === null) continue;
      const wire: WireRequest = {
        method: request.method ?? "GET",
        path,
        headers: request.headers,
        query: collectFields([...url.searchParams]) as WireRequest["query"],
      };
      const reply = await answer(dialect, match, wire, request, requestId, options).catch(
        (error: unknown) => refuse(dialect, error, requestId, options.logger),
      );
      await sendReply(response, dialect, reply, startedAt);
      return true;
    }
    return false;
  };
}

/** The part of the path below the dialect's base; null when the path is not the dialect's. */
function ownPath(dialect: Dialect, basePath: string, pathname: string): string | null {
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return null;
  const path = pathname.slice(basePath.length).replace(/\/+$/, "");
  if (dialect.ownSegments === undefined) return path;
  return dialect.ownSegments.some((own) => path === `/${own}` || path.startsWith(`/${own}/`))
    ? path
    : null;
}

async function answer(
  dialect: Dialect,
  match: Mounted["match"],
  wire: WireRequest,
  request: IncomingMessage,
  requestId: string,
  options: MountOptions,
): Promise<HttpReply> {
  const matched = match(wire.method, wire.path);
  if (!matched) return dialect.unknownPath;
  if (!("route" in matched)) return dialect.wrongMethod(matched.allowed);
  const { route, params } = matched;

  // Before anything of the request is read: what is wrong with it is nobody else's business.
  const context = await authenticate(dialect, route, wire, requestId, options);
  const body = await readWireBody(request, dialect, options.maxBodyBytes);
  const input = parseInput(route.request, { params, query: wire.query, body });
  return route.answer(context, input);
}

async function authenticate(
  dialect: Dialect,
  route: LegacyRoute,
  wire: WireRequest,
  requestId: string,
  { services, config }: MountOptions,
): Promise<LegacyContext> {
  const origin = { door: dialect.name, requestId };
  const isOpen = requirementOf(route.operation).needs === "NONE";
  const credential = isOpen ? undefined : dialect.credential(wire);
  const actor: Actor = credential
    ? await services.authentication.authenticate(credential.secret, origin)
    : anonymous(origin);
  if (!isOpen && actor.kind === "ANONYMOUS") throw unauthenticated();
  if (credential?.rocketChatUserId !== undefined) {
    await services.authentication.assertIsUser(actor, credential.rocketChatUserId);
  }
  return { services, actor, config, credential };
}

const PAYLOAD_TOO_LARGE = 413;

function refuse(dialect: Dialect, error: unknown, requestId: string, logger: Logger): HttpReply {
  if (error instanceof DomainError) return dialect.errors[error.code](error);
  if (error instanceof BodyTooLargeError) {
    const refusal = badInput([{ path: "body", message: "is too large" }]);
    const reply = dialect.errors.BAD_USER_INPUT(refusal);
    return {
      ...reply,
      status: PAYLOAD_TOO_LARGE,
      headers: { ...reply.headers, connection: "close" },
    };
  }
  logger.error({ requestId, door: dialect.name, err: error }, "unexpected");
  return dialect.internalError;
}
