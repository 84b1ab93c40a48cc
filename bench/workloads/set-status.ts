import type { Client } from "pg";
import { graphql, userId, type Values, withoutExtensions, type Workload } from "./workload.js";

export const QUERY = `mutation ($input: SetStatusInput!) {
  setStatus(input: $input) { applied presence { status { name } source until } }
}`;

/** The newest rows of one user, without sequence numbers and times. */
async function written(database: Client, { id }: Values): Promise<unknown> {
  const target = userId(Number(id));
  const { rows } = await database.query<{ written: unknown }>(
    `SELECT jsonb_build_object(
       'presence', (SELECT to_jsonb(p) - 'since' FROM presences p WHERE user_id = $1),
       'claims', (SELECT jsonb_agg(to_jsonb(c) - 'id' - 'set_at' ORDER BY kind, source) FROM presence_claims c
                  WHERE user_id = $1),
       'history', (SELECT to_jsonb(h) - 'id' - 'changed_at' - 'actor' FROM status_changes h
                   WHERE user_id = $1 ORDER BY id DESC LIMIT 1),
       'audit', (SELECT to_jsonb(a) - 'id' - 'recorded_at' - 'actor' - 'request_id' - 'actor_kind' - 'credential_id'
                 FROM audit_records a WHERE target_id = $2 ORDER BY id DESC LIMIT 1),
       'event', (SELECT to_jsonb(e) - 'id' - 'created_at' || jsonb_build_object('payload', payload - 'at')
                 FROM events e WHERE subject = $2 ORDER BY id DESC LIMIT 1)) AS written`,
    [id, target],
  );
  return rows[0]?.written;
}

export const setStatus: Workload = {
  name: "Q3",
  title: "`setStatus`, with its audit record, its history and its event",
  connections: 50,
  isGraphql: true,
  values: async (database) => {
    const { rows } = await database.query<{ id: number }>(
      `SELECT u.id FROM users u WHERE u.active AND NOT EXISTS
         (SELECT FROM presence_claims c WHERE c.user_id = u.id AND c.kind <> 'MANUAL')
       ORDER BY md5(u.username) LIMIT 2000`,
    );
    // The second half sets the other status, so that each request changes something.
    return [1, 2].flatMap((statusId) => rows.map(({ id }) => ({ id, statusId })));
  },
  request: ({ id, statusId }) =>
    graphql(QUERY, { input: { user: { id: userId(Number(id)) }, statusId: Number(statusId) } }),
  comparable: withoutExtensions,
  written,
};
