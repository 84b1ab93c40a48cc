import { isDeepStrictEqual } from "node:util";
import type { Client } from "pg";
import { HttpConnection, bodyOf } from "./load/http-connection.js";
import { toBytes } from "./load/request.js";
import type { BenchedServer } from "./servers/server.js";
import type { Values, Workload } from "./workloads/workload.js";

/** Of each workload. */
const COMPARED_REQUESTS = 6;

interface Started {
  readonly server: BenchedServer;
  readonly running: { readonly url: string };
}

/**
 * Sends the same requests to all servers, and compares their responses and the rows that they write.
 *
 * @throws when one differs from the first
 */
export async function assertSameResponses(
  servers: readonly Started[],
  workload: Workload,
  values: readonly Values[],
  database: Client,
): Promise<void> {
  for (const one of values.slice(0, COMPARED_REQUESTS)) {
    let expected: { readonly by: string; readonly result: unknown } | undefined;
    for (const { server, running } of servers) {
      const request = server.request(workload, one);
      if (!request) continue;
      if (workload.written) await resetPresence(database, one);
      const connection = new HttpConnection(running.url);
      const response = bodyOf(await connection.send(toBytes(request, server.headers)));
      connection.close();
      const body = server.translate?.(workload, response) ?? response;
      const result = {
        response: comparable(workload, server, body),
        written: await workload.written?.(database, one),
      };
      expected ??= { by: server.name, result };
      if (isDeepStrictEqual(result, expected.result)) continue;
      const [own, others] = [JSON.stringify(result), JSON.stringify(expected.result)];
      const at = firstDifference(own, others);
      throw new Error(
        `${workload.name}: ${server.name} differs from ${expected.by} at character ${at}\n` +
          `${server.name}: ${around(own, at)}\n${expected.by}: ${around(others, at)}`,
      );
    }
  }
}

function comparable(workload: Workload, { name }: BenchedServer, body: string): unknown {
  try {
    return workload.comparable(body);
  } catch (error) {
    throw new Error(`${workload.name}: ${name} responds ${body.slice(0, 500)}`, { cause: error });
  }
}

/** Otherwise the second server would have nothing to change. */
async function resetPresence(database: Client, { id }: Values): Promise<void> {
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
