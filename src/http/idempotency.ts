import type { IncomingMessage } from "node:http";
import type { Actor } from "../domain/actor.js";
import type { Codec } from "../domain/codec.js";
import type { Logger } from "../observability/logging/logger.js";
import type { Services } from "../services/index.js";

const METHODS: readonly (string | undefined)[] = ["POST", "PUT", "DELETE"];

const REPLAYED = { "idempotency-replayed": "true" };

/** Of what is stored. A version without a number is 0, which has the same names. */
const VERSION = 1;

interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface IdempotentRequest {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly actor: Actor;
  /** What the actor has shown. */
  readonly secret: string;
}

type Run<Given> = (actor: Actor) => Promise<Given>;

export interface Storing<Given> {
  readonly codec: Codec<Given>;
  /** False for an answer that asks to send the request again. */
  readonly isFinal: (answer: Given) => boolean;
}

/**
 * Runs a request; one with an Idempotency-Key at most once. Sent again, it gets the stored answer. If that was lost, since the
 * process died, the request is executed again, with the stored outcomes in place of its changes.
 *
 * @throws CONFLICT for the key of another request
 */
export function withIdempotencyKey<Given extends Answer>(
  asked: IdempotentRequest,
  services: Services,
  logger: Logger,
  run: Run<Given>,
  storing: Storing<Given>,
): Promise<Given> {
  const { method = "", headers } = asked.request;
  const key = headers["idempotency-key"];
  return typeof key === "string" && METHODS.includes(method)
    ? runWithKey(key, asked, services, logger, run, storing)
    : run(asked.actor);
}

async function runWithKey<Given extends Answer>(
  key: string,
  { request, body, actor, secret }: IdempotentRequest,
  services: Services,
  logger: Logger,
  run: Run<Given>,
  { codec, isFinal }: Storing<Given>,
): Promise<Given> {
  const { method = "", url = "", headers } = request;
  const parts = [actor.door, method, url, headers["content-type"] ?? "", body];
  const begun = await services.idempotency.begin(actor, secret, key, parts);
  if (begun === null) return run(actor);

  const { remembered } = begun;
  if (remembered && remembered.answer !== null) {
    return replayed(readAnswer(codec, remembered.answer));
  }
  const answer = await run(begun.actor);
  if (isFinal(answer)) {
    // The change stands, and a further replay can do without: no reason to keep the answer from the caller.
    await services.idempotency
      .finish(begun.record, writeAnswer(codec, answer))
      .catch((error: unknown) => {
        logger.warn({ requestId: actor.requestId, err: error }, "an answer could not be kept");
      });
  }
  return remembered ? replayed(answer) : answer;
}

const writeAnswer = <Given>(codec: Codec<Given>, answer: Given): string =>
  JSON.stringify({ version: VERSION, ...(codec.write(answer) as object) });

function readAnswer<Given>(codec: Codec<Given>, text: string): Given {
  const stored = JSON.parse(text) as { readonly version?: number };
  const { version = 0 } = stored;
  if (version > VERSION) throw new Error(`an answer of version ${version}`);
  return codec.read(stored);
}

const replayed = <Given extends Answer>(answer: Given): Given => ({
  ...answer,
  headers: { ...answer.headers, ...REPLAYED },
});
