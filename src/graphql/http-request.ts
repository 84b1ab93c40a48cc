import type { IncomingMessage } from "node:http";
import { HttpError } from "../http/http-error.js";
import { isSameSite } from "../http/same-site.js";

/** The parameters of GraphQL over HTTP. */
export interface GraphQLParams {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks what the headers alone decide. Bodies must be JSON: a browser sends such a body to another site only after a preflight.
 *
 * @throws HttpError
 */
export function assertGraphQLRequest({ method, headers }: IncomingMessage): void {
  if (method === "GET") {
    if (!isSameSite(headers)) {
      throw new HttpError(
        403,
        "Cross-site GET requests are not allowed: send X-Requested-By, or use POST",
      );
    }
  } else if (method !== "POST") {
    throw new HttpError(405, "Method must be GET or POST", { allow: "GET, POST" });
  } else if (!isJson(headers["content-type"]) || headers["content-encoding"] !== undefined) {
    throw new HttpError(415, "Request body must be application/json in UTF-8, without compression");
  }
}

function isJson(contentType = ""): boolean {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const charset = parameters.map((p) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(p)?.[1]).find(Boolean);
  return type.trim() === "application/json" && /^utf-?8$/.test(charset ?? "utf-8");
}

/**
 * @param body of a POST
 * @throws HttpError
 */
export function readGraphQLParams(
  { method, url = "/" }: IncomingMessage,
  body: string,
): GraphQLParams {
  if (method === "POST") return paramsOf(parseJson(body, "Request body"));
  const { searchParams } = new URL(url, "http://gateway");
  const single = (name: string): string | undefined => {
    const values = searchParams.getAll(name);
    if (values.length > 1) throw new HttpError(400, `${name} must be given only once`);
    return values[0];
  };
  const json = (name: string): unknown => {
    const text = single(name);
    return text === undefined ? undefined : parseJson(text, name);
  };
  return paramsOf({
    query: single("query"),
    operationName: single("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, `${name} is not valid JSON`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function paramsOf(given: unknown): GraphQLParams {
  if (Array.isArray(given)) throw new HttpError(400, "Batched requests are not supported");
  if (!isObject(given)) throw new HttpError(400, "Request must be an object with a query");
  const { query, operationName = null, variables = null, extensions = null } = given;
  if (operationName !== null && typeof operationName !== "string") {
    throw new HttpError(400, "operationName must be a string");
  }
  if (variables !== null && !isObject(variables)) {
    throw new HttpError(400, "variables must be an object");
  }
  if (extensions !== null && !isObject(extensions)) {
    throw new HttpError(400, "extensions must be an object");
  }
  return {
    query: queryOf(query, extensions),
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
  };
}

function queryOf(query: unknown, extensions: Record<string, unknown> | null): string {
  if (typeof query === "string" && query !== "") return query;
  if (query === undefined && isObject(extensions?.persistedQuery)) {
    // Clients that send a hash first recognise this message, and send the query.
    const code = "PERSISTED_QUERY_NOT_SUPPORTED";
    throw new HttpError(200, "PersistedQueryNotSupported", {}, code);
  }
  throw new HttpError(400, "query must be a non-empty string");
}
