import { CliError, interrupted } from "../errors.js";
import type { GatewayClient } from "../gateway-client.js";
import type { Source, SourceRow } from "./source.js";

/** The maximum that `importUsers` accepts. */
const BATCH = 100;
/** Attempts of a batch that conflicts with a concurrent change. */
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

export interface ImportSourceOptions {
  readonly mode: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onResults: (results: readonly RowResult[]) => Promise<void>;
}

/**
 * Imports a source batch by batch, each in its own transaction, so that finished batches stay when the import
 * stops.
 *
 * @throws CliError when interrupted, after the current batch
 */
export async function importSource(
  { request }: GatewayClient,
  source: Source,
  { mode, dryRun, signal, onResults }: ImportSourceOptions,
): Promise<void> {
  for await (const batch of batchesOf(source.rows)) {
    if (signal.aborted) throw interrupted();
    const input = { rows: batch.map(({ row }) => row), mode, dryRun };
    const { importUsers } = await retryConflicts(() =>
      request<{ importUsers: { results: (Omit<RowResult, "place"> & { row: number })[] } }>(
        IMPORT,
        {
          input,
        },
      ),
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

async function retryConflicts<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isConflict = error instanceof CliError && error.code === "CONFLICT";
      if (!isConflict || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
