import type { Pool, PoolClient, QueryResult } from "pg";
import { sendStatement, type Statement } from "./send.js";

/** Enough to keep two processors of the database busy; more sessions are more to switch between. */
const LANES = 2;

/** Whoever is kept waiting for longer is no short read: nobody else is put behind it. */
const PATIENCE_MS = 20;

/**
 * Short reads travel together: each is sent behind those whose answers are still to come, over very few of the pool's
 * connections, instead of one after the other over many. A connection is the lanes' for as long as answers are due on it.
 */
export class PipelinedConnections {
  private readonly open = new Set<PipelinedConnection>();
  /** Where all goes that is asked in this turn of the event loop: at its end, in one write, and back in one piece. */
  private next: Promise<PipelinedConnection> | undefined;

  constructor(private readonly pool: () => Pool) {}

  /** @param statement asked for at the moment that the answer will not be older than */
  query<Raw extends object>(statement: () => Statement): Promise<QueryResult<Raw>> {
    this.next ??= endOfTurn().then(() => {
      this.next = undefined;
      return this.emptiest();
    });
    return this.next.then((connection) => connection.query<Raw>(statement()));
  }

  private emptiest(): PipelinedConnection {
    let clear = 0;
    let best: PipelinedConnection | undefined;
    for (const connection of this.open) {
      if (!connection.isResponsive) continue;
      clear += 1;
      if (!best || connection.due < best.due) best = connection;
    }
    if (best && clear >= LANES) return best;
    const connection = new PipelinedConnection(
      this.pool(),
      () => void this.open.delete(connection),
    );
    this.open.add(connection);
    return connection;
  }
}

/** One connection, from the first question until nothing is due any more. */
class PipelinedConnection {
  /** How many answers. */
  due = 0;
  private waitingSince = performance.now();
  private client: PoolClient | undefined;
  private readonly connected: Promise<PoolClient>;

  constructor(
    pool: Pool,
    private readonly onEnd: () => void,
  ) {
    this.connected = pool.connect().then((client) => {
      // A connection that is lost fails what is due on it; unheard, it would end the process besides.
      client.on("error", ignore);
      this.client = client;
      return client;
    });
  }

  get isResponsive(): boolean {
    return performance.now() - this.waitingSince < PATIENCE_MS;
  }

  async query<Raw extends object>(statement: Statement): Promise<QueryResult<Raw>> {
    this.due += 1;
    try {
      const client = this.client ?? (await this.connected);
      return await sendStatement<Raw>(client, statement);
    } finally {
      this.due -= 1;
      this.waitingSince = performance.now();
      if (this.due === 0) this.end();
    }
  }

  private end(): void {
    this.onEnd();
    this.client?.off("error", ignore);
    this.client?.release();
  }
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ignore = (): void => undefined;
