import type { IncomingMessage } from "node:http";
import type { Actor } from "../domain/actor.js";
import type { Logger } from "../observability/logging/logger.js";
import type { Services } from "../services/index.js";
import { keyedServices } from "../services/idempotency/idempotent-services.js";

const METHODS: readonly (string | undefined)[] = ["POST", "PUT", "DELETE"];

const REPLAYED = { "idempotency-replayed": "true" };

/** What a door answers, as it can be kept: as JSON. */
interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly actor: Actor;
  /** What the actor has shown. */
  readonly secret: string;
}

type Run<Given> = (services: Services, actor: Actor) => Promise<Given>;

/**
 * Runs a request; one with an Idempotency-Key at most once. Sent again, it is given the answer of the first
 * time. When that was lost, since the process died, it is executed with what the changes
 * have yielded then in their place.
 *
 * @param isFinal whether an answer is worth keeping: one that asks to come again is not
 * @throws CONFLICT for the key of another request
 */
export function runOnce<Given extends Answer>(
  asked: Asked,
  services: Services,
  logger: Logger,
  run: Run<Given>,
  isFinal: (answer: Given) => boolean,
): Promise<Given> {
  const { method = "", headers } = asked.request;
  const key = headers["idempotency-key"];
  return typeof key === "string" && METHODS.includes(method)
    ? runKeyed(key, asked, services, logger, run, isFinal)
    : run(services, asked.actor);
}

async function runKeyed<Given extends Answer>(
  key: string,
  { request, body, actor, secret }: Asked,
  services: Services,
  logger: Logger,
  run: Run<Given>,
  isFinal: (answer: Given) => boolean,
): Promise<Given> {
  const { method = "", url = "", headers } = request;
  const parts = [actor.door, method, url, headers["content-type"] ?? "", body];
  const keyed = await services.idempotency.begin(actor, secret, key, parts);
  if (keyed === null) return run(services, actor);

  const { remembered } = keyed;
  if (remembered && remembered.answer !== null) {
    return replayed(JSON.parse(remembered.answer) as Given);
  }
  const outcomes = remembered?.outcomes ?? new Map<string, unknown>();
  const answer = await run(keyedServices(services, keyed.request, outcomes), keyed.actor);
  if (isFinal(answer)) {
    // The change stands, and a further replay can do without: no reason to keep the answer from the caller.
    await services.idempotency
      .finish(keyed.request, JSON.stringify(answer))
      .catch((error: unknown) => {
        logger.warn({ requestId: actor.requestId, err: error }, "an answer could not be kept");
      });
  }
  return remembered ? replayed(answer) : answer;
}

const replayed = <Given extends Answer>(answer: Given): Given => ({
  ...answer,
  headers: { ...answer.headers, ...REPLAYED },
});
