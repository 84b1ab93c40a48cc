import { isDeepStrictEqual } from "node:util";
import type { Client } from "pg";
import { HttpConnection, bodyOf } from "./load/http-connection.js";
import { toBytes } from "./load/request.js";
import type { BenchedServer } from "./servers/server.js";
import type { Values, Workload } from "./workloads/workload.js";

/** So many requests of a workload are looked at. */
const LOOKED_AT = 6;

interface Asked {
  readonly server: BenchedServer;
  readonly running: { readonly url: string };
}

/**
 * Asks all servers for the same and compares what they answer, and what they write.
 *
 * @throws when one says, or writes, something else than the first
 */
export async function assertSameAnswers(
  servers: readonly Asked[],
  workload: Workload,
  values: readonly Values[],
  database: Client,
): Promise<void> {
  for (const one of values.slice(0, LOOKED_AT)) {
    let expected: { readonly by: string; readonly said: unknown } | undefined;
    for (const { server, running } of servers) {
      const request = server.request(workload, one);
      if (!request) continue;
      if (workload.written) await forget(database, one);
      const connection = new HttpConnection(running.url);
      const answer = bodyOf(await connection.send(toBytes(request, server.headers)));
      connection.close();
      const body = server.translate?.(workload, answer) ?? answer;
      const said = {
        answer: comparable(workload, server, body),
        written: await workload.written?.(database, one),
      };
      expected ??= { by: server.name, said };
      if (isDeepStrictEqual(said, expected.said)) continue;
      const [own, others] = [JSON.stringify(said), JSON.stringify(expected.said)];
      const at = firstDifference(own, others);
      throw new Error(
        `${workload.name}: ${server.name} does not do what ${expected.by} does, from character ${at} on\n` +
          `${server.name}: ${around(own, at)}\n${expected.by}: ${around(others, at)}`,
      );
    }
  }
}

function comparable(workload: Workload, { name }: BenchedServer, body: string): unknown {
  try {
    return workload.comparable(body);
  } catch (error) {
    throw new Error(`${workload.name}: ${name} answers ${body.slice(0, 500)}`, { cause: error });
  }
}

/** Else whoever comes second would find nothing to change. */
async function forget(database: Client, { id }: Values): Promise<void> {
  await database.query(`DELETE FROM presence_claims WHERE user_id = $1`, [id]);
  await database.query(
    `UPDATE presences SET status_id = 4, source = 'CONNECTION', changes_at = NULL, plan = '[]', lease_until = NULL
     WHERE user_id = $1`,
    [id],
  );
}

function firstDifference(a: string, b: string): number {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return at === -1 ? a.length : at;
}

const around = (text: string, at: number): string => text.slice(Math.max(0, at - 200), at + 300);
