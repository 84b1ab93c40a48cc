/** The size limits of one GraphQL operation. Each is a setting; ordinary clients meet none of them. */
export interface OperationLimits {
  readonly maxTokens: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDuplicateFields: number;
  readonly maxDirectives: number;
  readonly maxCost: number;
}

/** The limits of the requests in flight, in one process. */
export interface ConcurrencyLimits {
  /** How many requests are in flight at most. */
  readonly max: number;
  /** The deadline of each request, from its arrival. */
  readonly timeoutMs: number;
}

/** The limits of a graceful shutdown. */
export interface ShutdownLimits {
  /** How long new requests are still accepted after the signal. */
  readonly noticeMs: number;
  /** The longest that the whole shutdown takes. */
  readonly timeoutMs: number;
}

/** The request headers in which a proxy names the client. */
export const forwardingHeaders = ["x-forwarded-for", "forwarded"] as const;

/** Which proxies may name the client, and in which header. */
export interface ProxyConfig {
  /** Addresses and networks of trusted proxies. Headers from any other peer are ignored. */
  readonly trusted: readonly string[];
  /** The header that these proxies write. A client can set the other one freely. */
  readonly header: (typeof forwardingHeaders)[number];
}

/** Which browser pages are served. */
export interface PagesConfig {
  readonly explorer: boolean;
  readonly board: boolean;
  readonly restReference: boolean;
}

/** Points per minute; 0 means no limit. */
export interface RateLimitOptions {
  readonly perCredential: number;
  readonly perAddress: number;
  /** Whether all processes on the database count together. */
  readonly shared: boolean;
}
