import type { ClientBase, QueryResult } from "pg";
import { corkForNow } from "./cork.js";

export interface Statement {
  /** Left out: parsed and planned each time. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly values?: unknown[];
}

/** By callback: behind each of the driver's own promises is another one, which is there to mend the trace of a failure. */
export function sendStatement<Raw extends object>(
  client: ClientBase,
  statement: Statement,
): Promise<QueryResult<Raw>> {
  corkForNow(client);
  return new Promise((resolve, reject) => {
    client.query<Raw>(statement, (error: Error | null, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** The driver's errors lead to its socket; from here on they lead to who asked. */
export function retrace(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error);
  return error;
}
