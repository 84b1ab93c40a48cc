import type { Writable } from "node:stream";
import { Client, type ClientConfig } from "pg";
import { Coalescer } from "../../src/database/coalesce.js";
import type { Connections, Statement, Text } from "./statement.js";

/** Without jit: Postgres would compile plans with a high estimate, which takes longer than any statement here. */
export const SESSION = "-c timezone=UTC -c jit=off";

/** Processors of the machine beside that of the server. */
const CONNECTIONS = 2;

/** All columns stay text, since JSON is text. */
export const asText = { getTypeParser: () => (text: string) => text };

type Values = readonly unknown[];
type Rows = readonly Text[][];

/** Pipelines statements over few connections. Those of one tick of the event loop leave in one write. */
export class PipelinedClients implements Connections {
  private last = 0;
  private readonly coalescers = new Map<Statement, Coalescer<Values, ReadonlyMap<Values, Rows>>>();

  private constructor(
    private readonly clients: readonly Client[],
    private readonly isSharing: boolean,
  ) {}

  /** @param isSharing whether concurrent requests of a kind share a statement, as in Rollcall */
  static async open(url: string, isSharing: boolean): Promise<PipelinedClients> {
    const options: ClientConfig & { pipeline: boolean } = {
      connectionString: url,
      pipeline: true,
      options: SESSION,
    };
    const clients = Array.from({ length: CONNECTIONS }, () => new Client(options));
    await Promise.all(clients.map((client) => client.connect()));
    return new PipelinedClients(clients, isSharing);
  }

  async query<Row extends Text[]>(statement: Statement, values: Values): Promise<readonly Row[]> {
    const isShared = this.isSharing && values.length > 0;
    return (isShared ? this.share(statement, values) : this.send(statement, values)) as Promise<
      readonly Row[]
    >;
  }

  private async send({ name, text }: Omit<Statement, "types">, values: Values): Promise<Rows> {
    this.last = (this.last + 1) % this.clients.length;
    const client = this.clients[this.last] as Client;
    corkForTick((client as unknown as { connection: { stream: Writable } }).connection.stream);
    const { rows } = await client.query<Text[]>({
      name,
      text,
      values: [...values],
      rowMode: "array",
      types: asText,
    });
    return rows;
  }

  /** Requests with equal values are not merged: a workload has few different ones. */
  private async share(statement: Statement, values: Values): Promise<Rows> {
    let coalescer = this.coalescers.get(statement);
    if (!coalescer) {
      const shared = { name: `${statement.name}-shared`, text: sharedText(statement) };
      coalescer = new Coalescer(async (requests: readonly Values[]) => {
        const columns = statement.types.map((_, i) => requests.map((request) => request[i]));
        const found = new Map(requests.map((request) => [request, [] as Text[][]]));
        for (const row of await this.send(shared, columns)) {
          found.get(requests[Number(row.at(-1)) - 1] as Values)?.push(row);
        }
        return found;
      });
      this.coalescers.set(statement, coalescer);
    }
    return (await coalescer.request(values)).get(values) ?? [];
  }
}

/** The statement, once for each request. */
function sharedText({ text, types, shared }: Statement): string {
  if (shared !== undefined) return shared;
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`);
  const names = types.map((_, i) => `p${i + 1}`);
  const one = text.replaceAll(/\$(\d+)/g, "request.p$1");
  return `SELECT one.*, request.number
    FROM unnest(${arrays.join()}) WITH ORDINALITY request(${names.join()}, number) CROSS JOIN LATERAL (${one}) one`;
}

function corkForTick(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
