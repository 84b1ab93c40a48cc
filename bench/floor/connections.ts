import type { Writable } from "node:stream";
import { Client, type ClientConfig } from "pg";

export type Text = string | null;

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Postgres would compile plans whose estimate is high, which takes longer than any statement here. */
export const SESSION = "-c timezone=UTC -c jit=off";

/** As many as the machine has processors for them beside the server. */
const LANES = 2;

/** All columns stay text: whatever is to become JSON is text again. */
export const asText = { getTypeParser: () => (text: string) => text };

/**
 * Connections on which statements are sent one behind the other, without waiting for answers. What is sent in one turn
 * of the event loop leaves in one write.
 */
export class Lanes {
  private turn = 0;

  private constructor(private readonly clients: readonly Client[]) {}

  static async open(url: string): Promise<Lanes> {
    const options: ClientConfig & { pipeline: boolean } = {
      connectionString: url,
      pipeline: true,
      options: SESSION,
    };
    const clients = Array.from({ length: LANES }, () => new Client(options));
    await Promise.all(clients.map((client) => client.connect()));
    return new Lanes(clients);
  }

  /** @returns the rows, as lists of their columns */
  async query<Row extends Text[]>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.turn = (this.turn + 1) % this.clients.length;
    const client = this.clients[this.turn] as Client;
    corkForTurn((client as unknown as { connection: { stream: Writable } }).connection.stream);
    const { rows } = await client.query<Row>({
      ...statement,
      values: [...values],
      rowMode: "array",
      types: asText,
    });
    return rows;
  }
}

function corkForTurn(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
