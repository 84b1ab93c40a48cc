import { CliError, interrupted } from "../faults.js";
import type { Gateway } from "../gateway.js";
import type { Source, SourceRow } from "./source.js";

/** As many as `importUsers` takes. */
const BATCH = 100;
/** Of a batch in which somebody else took a value meanwhile. */
const MAX_ATTEMPTS = 3;

const IMPORT = `mutation ($input: ImportUsersInput!) {
  importUsers(input: $input) { results { row outcome userId username matchedBy faults { path message } } }
}`;

export interface RowResult {
  readonly place: string;
  readonly outcome: string;
  readonly userId: string | null;
  readonly username: string | null;
  readonly matchedBy: string | null;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
}

export interface TakeInOptions {
  readonly mode: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onResults: (results: readonly RowResult[]) => Promise<void>;
}

/**
 * Takes a source in, batch by batch, each in a transaction of its own: what is done is done, whenever it is stopped.
 *
 * @throws CliError when it is interrupted, after the batch at hand
 */
export async function takeIn(
  { ask }: Gateway,
  source: Source,
  { mode, dryRun, signal, onResults }: TakeInOptions,
): Promise<void> {
  for await (const batch of batchesOf(source.rows)) {
    if (signal.aborted) throw interrupted();
    const input = { rows: batch.map(({ row }) => row), mode, dryRun };
    const { importUsers } = await inTime(() =>
      ask<{ importUsers: { results: (Omit<RowResult, "place"> & { row: number })[] } }>(IMPORT, {
        input,
      }),
    );
    await onResults(
      importUsers.results.map(({ row, ...result }) => ({
        place: batch[row]?.place ?? "?",
        ...result,
      })),
    );
  }
}

async function* batchesOf(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow[]> {
  let batch: SourceRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function inTime<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isTaken = error instanceof CliError && error.code === "CONFLICT";
      if (!isTaken || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
