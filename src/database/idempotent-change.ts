import type { KeyedCall, KeyedRequest } from "../domain/idempotent-call.js";
import { keyConflict } from "../errors/domain-error.js";
import { isStatementTimeout } from "../errors/postgres.js";
import { readOutcome, writeOutcome } from "./outcome.js";

/** Another execution of the same request has made the change. */
export class AlreadyMadeError extends Error {
  override readonly name = "AlreadyMadeError";
}

interface Queries {
  query<Raw extends object>(sql: string, values?: readonly unknown[]): Promise<Raw[]>;
}

/**
 * First in the change's transaction: of two that come at once the second waits here, before it has
 * looked at anything, and then learns that all is done.
 *
 * @throws AlreadyMadeError, also when the key is another request's
 */
export async function claimCall(change: Queries, { request, name }: KeyedCall): Promise<void> {
  const claimed = await change
    .query(
      `INSERT INTO idempotent_requests AS r (credential, key_hash, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT (credential, key_hash) DO UPDATE SET answer = NULL
       WHERE r.fingerprint = excluded.fingerprint AND NOT r.outcomes ? $4
       RETURNING 1`,
      [request.credential, request.keyHash, request.fingerprint, name],
    )
    .catch((error: unknown) => {
      throw isStatementTimeout(error) ? keyConflict("IDEMPOTENCY_KEY_IN_USE") : error;
    });
  if (claimed.length === 0) throw new AlreadyMadeError();
}

/** Last in the same transaction. */
export async function recordOutcome(
  change: Queries,
  { request, name }: KeyedCall,
  outcome: unknown,
): Promise<void> {
  const sealed = Buffer.from(request.seal(writeOutcome(outcome))).toString("base64");
  await change.query(
    `UPDATE idempotent_requests SET outcomes = outcomes || jsonb_build_object($3::text, $4::text)
     WHERE credential = $1 AND key_hash = $2`,
    [request.credential, request.keyHash, name, sealed],
  );
}

/** What is known of a request that was executed before, as a whole or in part. */
export interface Remembered {
  /** Null while nobody has finished it. */
  readonly answer: string | null;
  /** What its calls have changed, by the call's name. */
  readonly outcomes: ReadonlyMap<string, unknown>;
}

/**
 * @returns null when it has changed nothing so far
 * @throws CONFLICT when the key was used for another request
 */
export async function remember(
  queries: Queries,
  request: KeyedRequest,
): Promise<Remembered | null> {
  const [row] = await queries.query<{
    fingerprint: Buffer;
    outcomes: Record<string, string>;
    answer: Buffer | null;
  }>(
    `SELECT fingerprint, outcomes, answer FROM idempotent_requests WHERE credential = $1 AND key_hash = $2`,
    [request.credential, request.keyHash],
  );
  if (!row) return null;
  if (!row.fingerprint.equals(request.fingerprint)) throw keyConflict("IDEMPOTENCY_KEY_REUSED");
  const outcomes = Object.entries(row.outcomes).map(
    ([name, sealed]) => [name, readOutcome(request.open(Buffer.from(sealed, "base64")))] as const,
  );
  return { answer: row.answer && request.open(row.answer), outcomes: new Map(outcomes) };
}
