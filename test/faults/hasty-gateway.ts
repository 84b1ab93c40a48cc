import { eventually } from "../support/eventually.js";
import type { TestGateway } from "../support/gateway.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";

/** The timeouts of a statement and of a whole response. */
export const withinMs = (statement: number, answer: number) => ({
  DATABASE_STATEMENT_TIMEOUT_MS: String(statement),
  ANSWER_TIMEOUT_MS: String(answer),
});

/** Starts a second gateway with short timeouts beside the patient one. */
export const startHasty = (
  patient: TestGateway,
  settings: Record<string, string>,
): Promise<SecondGateway> =>
  // On a slow machine its timeouts may already stop its start.
  eventually(() => startSecondGateway(patient, { LOG_LEVEL: "silent", ...settings }));

/** Every request is refused within a few seconds. */
export const HASTE = { DATABASE_POOL_WAIT_MS: "1500", ...withinMs(1000, 2000) };
