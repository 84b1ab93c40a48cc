import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";

/** How long a statement and a whole answer may take. */
export const withinMs = (statement: number, answer: number) => ({
  DATABASE_STATEMENT_TIMEOUT_MS: String(statement),
  ANSWER_TIMEOUT_MS: String(answer),
});

/** Beside the patient one, one that waits for nothing for long. */
export const startHasty = (
  patient: TestGateway,
  settings: Record<string, string>,
): Promise<SecondGateway> =>
  // Its few seconds may be over before it has begun.
  eventually(() => startSecondGateway(patient, { LOG_LEVEL: "silent", ...settings }));

/** So it is refused everywhere within a few seconds. */
export const HASTE = { DATABASE_POOL_WAIT_MS: "1500", ...withinMs(1000, 2000) };
