import type { IncomingMessage } from "node:http";
import type { Actor } from "../domain/actor.js";
import type { Codec } from "../domain/codec.js";
import type { Logger } from "../observability/logging/logger.js";
import type { Services } from "../services/index.js";

const METHODS: readonly (string | undefined)[] = ["POST", "PUT", "DELETE"];

const REPLAYED = { "idempotency-replayed": "true" };

/** The version of stored responses. One without a number is 0, which has the same names. */
const VERSION = 1;

interface StoredResponse {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface IdempotentRequest {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly actor: Actor;
  /** The secret of the credential, or an empty text. */
  readonly secret: string;
}

type Run<Response> = (actor: Actor) => Promise<Response>;

export interface Storing<Response> {
  readonly codec: Codec<Response>;
  /** False for a response that asks the client to repeat the request. */
  readonly isFinal: (response: Response) => boolean;
}

/**
 * Runs a request; one with an Idempotency-Key at most once. Repeated, it receives the stored response. If that was lost because the
 * process died, the request is executed again, with the stored outcomes in place of its changes.
 *
 * @throws CONFLICT for the key of another request
 */
export function withIdempotencyKey<Response extends StoredResponse>(
  idempotent: IdempotentRequest,
  services: Services,
  logger: Logger,
  run: Run<Response>,
  storing: Storing<Response>,
): Promise<Response> {
  const { method = "", headers } = idempotent.request;
  const key = headers["idempotency-key"];
  return typeof key === "string" && METHODS.includes(method)
    ? runWithKey(key, idempotent, services, logger, run, storing)
    : run(idempotent.actor);
}

async function runWithKey<Response extends StoredResponse>(
  key: string,
  { request, body, actor, secret }: IdempotentRequest,
  services: Services,
  logger: Logger,
  run: Run<Response>,
  { codec, isFinal }: Storing<Response>,
): Promise<Response> {
  const { method = "", url = "", headers } = request;
  const parts = [actor.door, method, url, headers["content-type"] ?? "", body];
  const begun = await services.idempotency.begin(actor, secret, key, parts);
  if (begun === null) return run(actor);

  const { remembered } = begun;
  if (remembered && remembered.answer !== null) {
    return replayed(readResponse(codec, remembered.answer));
  }
  const response = await run(begun.actor);
  if (isFinal(response)) {
    // Without it a replay executes the request again, with the stored outcomes: no reason to withhold the response.
    await services.idempotency
      .finish(begun.record, writeResponse(codec, response))
      .catch((error: unknown) => {
        logger.warn({ requestId: actor.requestId, err: error }, "a response could not be stored");
      });
  }
  return remembered ? replayed(response) : response;
}

const writeResponse = <Response>(codec: Codec<Response>, response: Response): string =>
  JSON.stringify({ version: VERSION, ...(codec.write(response) as object) });

function readResponse<Response>(codec: Codec<Response>, text: string): Response {
  const stored = JSON.parse(text) as { readonly version?: number };
  const { version = 0 } = stored;
  if (version > VERSION) throw new Error(`stored response of unknown version ${version}`);
  return codec.read(stored);
}

const replayed = <Response extends StoredResponse>(response: Response): Response => ({
  ...response,
  headers: { ...response.headers, ...REPLAYED },
});
