import {
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import type { BufferedResponse } from "../http/buffered-response.js";
import type { GraphQLMediaType } from "./media-type.js";

/** A GraphQL response before it is written to the connection. */
export interface GraphQLResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly data?: unknown;
  /** `data` as JSON text, where it does not exist as a value. */
  readonly dataJson?: string;
  readonly extensions?: object;
}

/** The code of a response in the log, the metrics and the trace: that of its first error. */
export function codeOf({ errors }: Pick<GraphQLResponse, "errors">): string | null {
  const code = errors?.[0]?.extensions?.code;
  return typeof code === "string" ? code : null;
}

export function writeResponse(
  response: BufferedResponse,
  mediaType: GraphQLMediaType | null,
  { status, headers, ...result }: GraphQLResponse,
): void {
  const body = bodyOf(result);
  response.writeHead(status, {
    "content-type": mediaType?.contentType ?? "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function bodyOf({ errors, data, dataJson, extensions }: Omit<GraphQLResponse, "status">): string {
  if (dataJson === undefined) return JSON.stringify({ errors, data, extensions });
  const members = [`"data":${dataJson}`];
  if (errors) members.unshift(`"errors":${JSON.stringify(errors)}`);
  if (extensions) members.push(`"extensions":${JSON.stringify(extensions)}`);
  return `{${members.join(",")}}`;
}

const OUTAGE = "SERVICE_UNAVAILABLE";

/**
 * Lets proxies and plain HTTP clients know that nothing of a request was executed because of an outage, and when to retry. A response with
 * a partial result stays 200: a retry would repeat the part that succeeded.
 *
 * @param data of the result; called for an outage only
 * @returns the status and headers of an outage; null for any other result
 */
export function outageStatus(
  { operation, selectionSet }: Pick<OperationDefinitionNode, "operation" | "selectionSet">,
  errors: readonly GraphQLFormattedError[],
  data: () => unknown,
): Required<Pick<GraphQLResponse, "status" | "headers">> | null {
  const outage = errors.find(({ extensions }) => extensions?.code === OUTAGE);
  if (!outage || Object.values(data() ?? {}).some((value) => value !== null)) return null;
  const [first, ...others] = selectionSet.selections;
  const isRetryable =
    operation !== OperationTypeNode.MUTATION || (first?.kind === Kind.FIELD && others.length === 0);
  const retryAfter = String(Number(outage.extensions?.["retryAfterSeconds"]));
  return isRetryable ? { status: 503, headers: { "retry-after": retryAfter } } : null;
}
