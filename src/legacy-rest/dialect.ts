/**
 * What a dialect consists of: routes, error responses and the credential, as data. The folder is the four
 * legacy REST APIs. Imports domain, config, errors, entities, observability, services and http; `mount.ts`
 * alone runs requests.
 */

import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { LegacyConfig } from "../config/schema.js";
import type { Actor } from "../domain/actor.js";
import type { Operation } from "../domain/permission-table.js";
import type { ExternalSystem } from "../domain/vocabulary.js";
import type { DomainError, ErrorCode } from "../errors/domain-error.js";
import type { RateLimitState } from "../http/rate-limit/limiter.js";
import type { Services } from "../services/index.js";

/** The same in every dialect; the body of the refusal is the dialect's own. */
export const PAYLOAD_TOO_LARGE = 413;

export type LegacyMethod = "GET" | "POST" | "PUT" | "DELETE";

/** The response of a dialect. Without a body, an empty one. An iterable is sent chunk by chunk. */
export interface HttpReply {
  readonly status: number;
  readonly body?: object | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request before any schema is applied: text as the client sent it. */
export interface WireRequest {
  readonly method: string;
  /** Relative to the base path, without a trailing slash; "" for the base path itself. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: Readonly<Record<string, string | string[]>>;
}

/** The credential of a client. */
export interface LegacyCredential {
  readonly secret: string;
  /** In a dialect that sends the user's id beside the secret: it must be the id of the same user. */
  readonly rocketChatUserId?: string;
}

/** What a route's handler may use. */
export interface LegacyContext {
  readonly services: Services;
  readonly actor: Actor;
  readonly config: LegacyConfig;
  readonly credential: LegacyCredential | undefined;
}

/** The parts of a request that the route's schema parses. */
export interface WireInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
}

/** One legacy endpoint, as data: its path, its request schema, its handler. */
export interface LegacyRoute<Wire extends z.ZodType = z.ZodType> {
  readonly method: LegacyMethod;
  /** Relative to the base path; `:name` matches one segment. */
  readonly path: string;
  /** Further paths of the same endpoint. */
  readonly aliases?: readonly string[];
  /** Patterns of the `:name` segments; a path with other values there does not match this endpoint. */
  readonly segments?: Readonly<Record<string, RegExp>>;
  /** Also matches longer paths: the original reads arguments from them, of which this endpoint has none. */
  readonly ignoresFurtherSegments?: true;
  /**
   * The operation of the permission table that the endpoint corresponds to, for OpenAPI; the services check
   * the permission.
   */
  readonly operation: Operation;
  readonly summary: string;
  /** Parses `WireInput`; properties that it does not name are ignored. */
  readonly request: Wire;
  /** The media types of the request body, for OpenAPI. Absent: JSON only. */
  readonly bodyTypes?: readonly string[];
  /** The body of a successful response, for OpenAPI and for the tests; null when it is empty. */
  readonly response: z.ZodType | null;
  /** Refusals for which this endpoint has its own responses. */
  readonly refusals?: Partial<Dialect["errors"]>;
  readonly handle: (
    context: LegacyContext,
    input: z.output<Wire>,
  ) => HttpReply | Promise<HttpReply>;
}

/** Keeps the type of a route's schema in a list of routes. */
export const legacyRoute = <Wire extends z.ZodType>(route: LegacyRoute<Wire>): LegacyRoute => route;

/** The REST API of one legacy system. */
export interface Dialect {
  readonly name: ExternalSystem;
  readonly title: string;
  /** The configured base path; null when the dialect is disabled. */
  readonly basePath: (config: LegacyConfig) => string | null;
  /**
   * The first segments below the base path that belong to the dialect; unknown paths below them get its own
   * response. Absent: everything below the base path.
   */
  readonly ownSegments?: readonly string[];
  readonly contentType: string;
  readonly routes: readonly LegacyRoute[];
  readonly credential: (request: WireRequest) => LegacyCredential | undefined;
  /** Converts what clients send into what the schemas expect, such as by removing quotes. */
  readonly normalizeBody?: (text: string, mediaType: string) => string;
  /** The same for the value of one form field. */
  readonly normalizeField?: (value: string) => string;
  /** `Record` over ErrorCode: a new code does not compile until all four dialects have a response for it. */
  readonly errors: Readonly<Record<ErrorCode, (error: DomainError) => HttpReply>>;
  readonly internalError: HttpReply;
  readonly unknownPath: HttpReply;
  readonly wrongMethod: (allowed: readonly LegacyMethod[]) => HttpReply;
  /** For dialects that wrap every response, refusals included. */
  readonly envelope?: (reply: HttpReply, timing: { startedAt: number; now: number }) => HttpReply;
  /** Sent with every response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The rate limit of one address on one endpoint. Absent: none. */
  readonly rateLimit?: {
    readonly callsPerMinute: (config: LegacyConfig) => number;
    /** Sent with every response of an endpoint. */
    readonly headers: (state: RateLimitState) => Readonly<Record<string, string>>;
  };
  /** Additional information for OpenAPI. */
  readonly openApi: {
    readonly description: string;
    /** The schema of every refusal that has a body. */
    readonly errorBody: z.ZodType;
    /** The possible places of a credential, each a Security Scheme Object; one of them suffices. */
    readonly securitySchemes: Readonly<Record<string, object>>;
    /** True when all schemes are required together, such as a token and a user id. */
    readonly needsAllSchemes?: true;
  };
}
