import type { IncomingMessage } from "node:http";
import { DomainError } from "../errors/domain-error.js";
import type { Logger } from "../observability/logging/logger.js";
import { logFailure } from "../observability/logging/logger.js";
import type { Metrics } from "../observability/metrics/index.js";
import { authorize } from "../services/authorize.js";
import type { Services } from "../services/index.js";
import { hashSecret } from "../services/credentials/secrets.js";
import type { RequestContext } from "../observability/request-context.js";
import type { Handler } from "./request-listener.js";
import { addressOf, bearerOf } from "./origin.js";
import { toHttpError } from "./http-error.js";
import { sendJson } from "./json-response.js";

export interface MetricsHandlerOptions {
  readonly metrics: Metrics;
  /** Allows to read the metrics and nothing else, also while the database is unavailable. */
  readonly token: string | undefined;
  readonly services: Pick<Services, "authentication">;
  readonly logger: Logger;
}

/** `/metrics`, for METRICS_TOKEN or any credential with ADMIN. */
export function createMetricsHandler(options: MetricsHandlerOptions): Handler {
  const { metrics, token, logger } = options;
  const tokenHash = token === undefined ? undefined : hashSecret(token);
  return async (request, response, requestContext) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      sendJson(response, 405, { error: "Method not allowed" }, { allow: "GET, HEAD" });
      return;
    }
    try {
      await assertReader(request, requestContext, tokenHash, options.services);
      const text = await metrics.text();
      response.writeHead(200, { "content-type": metrics.contentType }).end(text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      logFailure(logger, { requestId: requestContext.requestId }, error);
      requestContext.code = error.code;
      const { status, headers } = toHttpError(error);
      sendJson(response, status, { error: error.message }, headers);
    }
  };
}

/** @throws DomainError */
async function assertReader(
  request: IncomingMessage,
  requestContext: RequestContext,
  tokenHash: Buffer | undefined,
  { authentication }: Pick<Services, "authentication">,
): Promise<void> {
  const secret = bearerOf(request);
  // No constant-time comparison: a client cannot choose the digest of its guess.
  if (secret !== undefined && tokenHash?.equals(hashSecret(secret))) return;
  const { requestId } = requestContext;
  const origin = { door: "SYSTEM", requestId, address: addressOf(request) } as const;
  requestContext.actor = await authentication.authenticate(secret, origin);
  authorize(requestContext.actor, "metrics");
}
