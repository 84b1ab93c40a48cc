import type { IdempotentCall, IdempotencyRecord } from "../../domain/idempotent-call.js";
import { keyConflict } from "../../errors/domain-error.js";
import { isStatementTimeout } from "../../errors/postgres.js";

/** Another execution of the same request has made the change. */
export class AlreadyMadeError extends Error {
  override readonly name = "AlreadyMadeError";
}

interface Queries {
  query<Raw extends object>(sql: string, values?: readonly unknown[]): Promise<Raw[]>;
}

/**
 * First in the change's transaction: of two concurrent executions the second waits here, before it has
 * read anything, and then finds the outcome of the first.
 *
 * @throws AlreadyMadeError, also when the key is another request's
 */
export async function claimCall(change: Queries, { record, keys }: IdempotentCall): Promise<void> {
  const claimed = await change
    .query(
      `INSERT INTO idempotent_requests AS r (credential, key_hash, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT (credential, key_hash) DO UPDATE SET answer = NULL
       WHERE r.fingerprint = excluded.fingerprint AND NOT r.outcomes ?| $4::text[]
       RETURNING 1`,
      [record.credential, record.keyHash, record.fingerprint, keys],
    )
    .catch((error: unknown) => {
      throw isStatementTimeout(error) ? keyConflict("IDEMPOTENCY_KEY_IN_USE") : error;
    });
  if (claimed.length === 0) throw new AlreadyMadeError();
}

/** Last in the same transaction. */
export async function recordOutcome(
  change: Queries,
  { record, keys, type }: IdempotentCall,
  outcome: unknown,
): Promise<void> {
  const sealed = Buffer.from(record.seal(type.write(outcome))).toString("base64");
  const outcomes = Object.fromEntries(keys.map((key) => [key, sealed]));
  await change.query(
    `UPDATE idempotent_requests SET outcomes = outcomes || $3::jsonb
     WHERE credential = $1 AND key_hash = $2`,
    [record.credential, record.keyHash, JSON.stringify(outcomes)],
  );
}

/** What is stored of a request that was executed before, completely or partly. */
export interface Remembered {
  /** Null until an execution has finished. */
  readonly answer: string | null;
  /** Outcomes of its changes, by the keys of their operations. */
  readonly outcomes: ReadonlyMap<string, string>;
}

/** An outcome is stored under every key of its operation; version 0 stored it under its own key only. */
export const storedOutcome = (
  outcomes: ReadonlyMap<string, string>,
  keys: readonly string[],
): string | undefined => keys.map((key) => outcomes.get(key)).find((text) => text !== undefined);

/**
 * @returns null when it has changed nothing so far
 * @throws CONFLICT when the key was used for another request
 */
export async function remember(
  queries: Queries,
  record: IdempotencyRecord,
): Promise<Remembered | null> {
  const [row] = await queries.query<{
    fingerprint: Buffer;
    outcomes: Record<string, string>;
    answer: Buffer | null;
  }>(
    `SELECT fingerprint, outcomes, answer FROM idempotent_requests WHERE credential = $1 AND key_hash = $2`,
    [record.credential, record.keyHash],
  );
  if (!row) return null;
  if (!row.fingerprint.equals(record.fingerprint)) throw keyConflict("IDEMPOTENCY_KEY_REUSED");
  const outcomes = Object.entries(row.outcomes).map(
    ([key, sealed]) => [key, record.open(Buffer.from(sealed, "base64"))] as const,
  );
  return { answer: row.answer && record.open(row.answer), outcomes: new Map(outcomes) };
}
