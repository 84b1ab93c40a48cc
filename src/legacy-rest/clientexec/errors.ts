import type { DomainError } from "../../errors/domain-error.js";
import type { Dialect, HttpReply } from "../dialect.js";
import { toElapsed, toTimestamp } from "./mappers.js";

export const clientexecFailure = (status: number, message: string): HttpReply => ({
  status,
  body: { message, success: false, failure: true },
});

const failure =
  (status: number) =>
  ({ message }: DomainError): HttpReply =>
    clientexecFailure(status, message);

/** Error bodies are not published: these have the shape of the published responses to writes. */
export const clientexecErrors: Dialect["errors"] = {
  // "GETs can be tried in a browser": the browser then prompts for the key.
  UNAUTHENTICATED: ({ message }) => ({
    ...clientexecFailure(401, message),
    headers: { "www-authenticate": `Basic realm="Application Key", charset="UTF-8"` },
  }),
  FORBIDDEN: failure(403),
  BAD_USER_INPUT: failure(400),
  NOT_FOUND: failure(404),
  CONFLICT: failure(409),
  STATUS_LOCKED: failure(409),
  NOT_AVAILABLE: failure(409),
  RATE_LIMITED: failure(429),
  SERVICE_UNAVAILABLE: failure(503),
};

/** Adds the time to every refusal. Streams contain their own. */
export const clientexecEnvelope: Dialect["envelope"] = (reply, { startedAt, now }) =>
  reply.body === undefined || Symbol.asyncIterator in reply.body
    ? reply
    : {
        ...reply,
        body: {
          timestamp: toTimestamp(new Date(now)),
          elapsed: toElapsed(now - startedAt),
          ...reply.body,
        },
      };
