import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { LegacyConfig } from "../config/schema.js";
import type { Actor } from "../domain/actor.js";
import type { Operation } from "../domain/permission-table.js";
import type { ExternalSystem } from "../domain/vocabulary.js";
import type { DomainError, ErrorCode } from "../errors/domain-error.js";
import type { RateLimitState } from "../http/rate-limit/limiter.js";
import type { Services } from "../services/index.js";

/** Whatever the dialect: the refusal of a body is its own, the status HTTP's. */
export const PAYLOAD_TOO_LARGE = 413;

export type LegacyMethod = "GET" | "POST" | "PUT" | "DELETE";

/** What a dialect answers. No body: an empty one. An iterable is sent piece by piece as it comes. */
export interface HttpReply {
  readonly status: number;
  readonly body?: object | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it came in, before any schema: texts as the client spelled them. */
export interface WireRequest {
  readonly method: string;
  /** Below the base path, without a trailing slash; "" for the base path itself. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: Readonly<Record<string, string | string[]>>;
}

/** How a client showed who it is. */
export interface LegacyCredential {
  readonly secret: string;
  /** Where the dialect sends the user's id beside the secret: it must be that of the same user. */
  readonly rocketChatUserId?: string;
}

/** What the answer to one request may use. */
export interface LegacyContext {
  readonly services: Services;
  readonly actor: Actor;
  readonly config: LegacyConfig;
  readonly credential: LegacyCredential | undefined;
}

/** The request as the dialect's own schema reads it. */
export interface WireInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
}

/** One legacy endpoint, as data: where it is, how it reads, which services it asks, how it answers. */
export interface LegacyRoute<Wire extends z.ZodType = z.ZodType> {
  readonly method: LegacyMethod;
  /** Below the base path; `:name` stands for one segment. */
  readonly path: string;
  /** Further paths of the same endpoint. */
  readonly aliases?: readonly string[];
  /** What a `:name` must look like; a path with anything else there is not this endpoint's. */
  readonly segments?: Readonly<Record<string, RegExp>>;
  /** Takes longer paths, too: the original reads arguments from them, of which this endpoint has none. */
  readonly ignoresFurtherSegments?: true;
  /** The operation of the permission table that it stands for; decides nothing, tells OpenAPI. */
  readonly operation: Operation;
  readonly summary: string;
  /** Reads `WireInput`; what it does not name is ignored. */
  readonly request: Wire;
  /** The content types that OpenAPI names for the body. Absent: JSON only. */
  readonly bodyTypes?: readonly string[];
  /** The body of a success, for OpenAPI and for the tests; null when it is empty. */
  readonly response: z.ZodType | null;
  /** Refusals that this endpoint words in its own way. */
  readonly refusals?: Partial<Dialect["errors"]>;
  readonly answer: (
    context: LegacyContext,
    input: z.output<Wire>,
  ) => HttpReply | Promise<HttpReply>;
}

/** Keeps the type of a route's schema while it is in a list with others. */
export const legacyRoute = <Wire extends z.ZodType>(route: LegacyRoute<Wire>): LegacyRoute => route;

/** One old system's REST API. */
export interface Dialect {
  readonly name: ExternalSystem;
  readonly title: string;
  /** Which setting switches it and moves it. */
  readonly basePath: (config: LegacyConfig) => string | null;
  /**
   * The first segments below the base path that belong to the dialect; unknown paths below them get its
   * own answer. Absent: everything below the base path.
   */
  readonly ownSegments?: readonly string[];
  readonly contentType: string;
  readonly routes: readonly LegacyRoute[];
  readonly credential: (request: WireRequest) => LegacyCredential | undefined;
  /** Makes what clients really send into what the schemas expect, such as taking off quotes. */
  readonly normalizeBody?: (text: string, mediaType: string) => string;
  /** The same for the value of one field of a form. */
  readonly normalizeField?: (value: string) => string;
  /** `Record` over ErrorCode: a new code does not compile until all four dialects answer it. */
  readonly errors: Readonly<Record<ErrorCode, (error: DomainError) => HttpReply>>;
  readonly internalError: HttpReply;
  readonly unknownPath: HttpReply;
  readonly wrongMethod: (allowed: readonly LegacyMethod[]) => HttpReply;
  /** For dialects that wrap every reply, refusals included. */
  readonly envelope?: (reply: HttpReply, timing: { startedAt: number; now: number }) => HttpReply;
  /** Sent with every reply. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How often one address may call one endpoint. Absent: as often as it likes. */
  readonly rateLimit?: {
    readonly callsPerMinute: (config: LegacyConfig) => number;
    /** Sent with every reply of an endpoint. */
    readonly headers: (state: RateLimitState) => Readonly<Record<string, string>>;
  };
  /** What OpenAPI is told beside the routes. */
  readonly openApi: {
    readonly description: string;
    /** The shape of every refusal that has a body. */
    readonly errorBody: z.ZodType;
    /** The places where a credential may be, each a Security Scheme Object; any one of them will do. */
    readonly securitySchemes: Readonly<Record<string, object>>;
    /** True when all schemes are needed together, as a token and a user id are. */
    readonly needsAllSchemes?: true;
  };
}
