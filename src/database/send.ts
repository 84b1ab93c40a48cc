import type { ClientBase, QueryResult } from "pg";

export interface Statement {
  /** Without a name, Postgres parses and plans it each time. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly values?: unknown[];
  /** Each row is the list of its values, in the order of the select list, and not an object: cheaper for long results. */
  readonly rowMode?: "array" | undefined;
}

/**
 * By callback. Each promise of the driver has a second one behind it, for the stack trace of an error, and keeps a long
 * result in memory until the next major garbage collection.
 */
export function sendStatement<Raw extends object>(
  client: ClientBase,
  statement: Statement,
): Promise<QueryResult<Raw>> {
  return new Promise((resolve, reject) => {
    client.query<Raw>(statement, (error: Error | null, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** Points the stack trace of a driver's error at the caller instead of the socket. */
export function retrace(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error);
  return error;
}
