import type { OutcomeType } from "../../domain/idempotent-call.js";
import type { Codec } from "../../domain/codec.js";
import { valueOfVersion0 } from "./idempotency-version-0.js";

const VERSION = 1;

interface Stored {
  readonly version?: number;
  readonly type?: string;
  readonly value?: unknown;
  /** Of version 0, which has no number. */
  readonly is?: unknown;
}

/**
 * Outcomes are stored as `{"version": 1, "type": <name>, "value": …}`.
 *
 * @param name stored, so it never changes
 */
export const outcomeType = <Outcome>(
  name: string,
  codec: Codec<Outcome>,
): OutcomeType<Outcome> => ({
  write: (outcome) => JSON.stringify({ version: VERSION, type: name, value: codec.write(outcome) }),
  read: (text) => {
    const { version, type, value, is } = JSON.parse(text) as Stored;
    if (version === undefined) return codec.read(valueOfVersion0(is));
    if (version !== VERSION || type !== name) {
      throw new Error(`expected ${name} of version ${VERSION}, not ${type} of version ${version}`);
    }
    return codec.read(value);
  },
});
