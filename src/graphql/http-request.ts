import type { IncomingMessage } from "node:http";
import { isSameSite } from "../http/same-site.js";

/** The parameters of GraphQL over HTTP. */
export interface GraphQLParams {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** This is no GraphQL request; says with which status HTTP puts it. */
export class HttpError extends Error {
  override readonly name = "HttpFault";

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code = "BAD_REQUEST",
  ) {
    super(message);
  }
}

/**
 * What can be told from the headers alone. Only JSON bodies: a browser sends one to another site only
 * after it has asked that site.
 *
 * @throws HttpFault
 */
export function assertGraphQLRequest({ method, headers }: IncomingMessage): void {
  if (method === "GET") {
    if (!isSameSite(headers)) {
      throw new HttpError(
        403,
        "Another site's page may not ask by GET: send X-Requested-By, or POST",
      );
    }
  } else if (method !== "POST") {
    throw new HttpError(405, "The method must be GET or POST", { allow: "GET, POST" });
  } else if (!isJson(headers["content-type"]) || headers["content-encoding"] !== undefined) {
    throw new HttpError(415, "The body must be application/json, in UTF-8 and not compressed");
  }
}

function isJson(contentType = ""): boolean {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const charset = parameters.map((p) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(p)?.[1]).find(Boolean);
  return type.trim() === "application/json" && /^utf-?8$/.test(charset ?? "utf-8");
}

/**
 * @param body of a POST
 * @throws HttpFault
 */
export function readGraphQLParams(
  { method, url = "/" }: IncomingMessage,
  body: string,
): GraphQLParams {
  if (method === "POST") return paramsOf(parseJson(body));
  const { searchParams } = new URL(url, "http://gateway");
  const once = (name: string): string | undefined => {
    const values = searchParams.getAll(name);
    if (values.length > 1) throw new HttpError(400, `${name} may be given only once`);
    return values[0];
  };
  const json = (name: string): unknown => {
    const text = once(name);
    return text === undefined ? undefined : parseJson(text);
  };
  return paramsOf({
    query: once("query"),
    operationName: once("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "What was sent is not JSON");
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function paramsOf(given: unknown): GraphQLParams {
  if (Array.isArray(given))
    throw new HttpError(400, "One request at a time: batches are not taken");
  if (!isObject(given)) throw new HttpError(400, "The request must be an object with a query");
  const { query, operationName = null, variables = null, extensions = null } = given;
  if (operationName !== null && typeof operationName !== "string") {
    throw new HttpError(400, "operationName must be a text");
  }
  if (variables !== null && !isObject(variables)) {
    throw new HttpError(400, "variables must be an object");
  }
  if (extensions !== null && !isObject(extensions)) {
    throw new HttpError(400, "extensions must be an object");
  }
  return {
    query: textOf(query, extensions),
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
  };
}

function textOf(query: unknown, extensions: Record<string, unknown> | null): string {
  if (typeof query === "string" && query !== "") return query;
  if (query === undefined && isObject(extensions?.persistedQuery)) {
    // The words at which clients that try a hash first send the query itself.
    const code = "PERSISTED_QUERY_NOT_SUPPORTED";
    throw new HttpError(200, "PersistedQueryNotSupported", {}, code);
  }
  throw new HttpError(400, "query must be a text that is not empty");
}
