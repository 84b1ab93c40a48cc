import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { SEARCHED_TEXT } from "../floor/search-page.js";
import { statement as setStatus } from "../floor/set-status.js";

const url = process.env["DATABASE_URL"] ?? "";

/**
 * Operations that a schema generated from tables lacks are functions in the database, as PostGraphile's guide recommends: a
 * case-insensitive order, a search, a change of several tables.
 */
const FUNCTIONS = `
  CREATE SCHEMA IF NOT EXISTS bench;
  CREATE OR REPLACE FUNCTION bench.users_behind(place text) RETURNS SETOF users STABLE LANGUAGE sql AS $$
    SELECT * FROM users WHERE lower(username) > $1 ORDER BY lower(username) LIMIT 50
  $$;
  CREATE OR REPLACE FUNCTION bench.users_found(word text, place text) RETURNS SETOF users STABLE LANGUAGE sql AS $$
    WITH found AS MATERIALIZED (SELECT * FROM users WHERE ${SEARCHED_TEXT} LIKE lower('%' || $1 || '%'))
    SELECT * FROM found WHERE lower(username) > $2 ORDER BY lower(username) LIMIT 101
  $$;
  CREATE OR REPLACE FUNCTION bench.set_status(person integer, status integer, request text, target text)
  RETURNS presences VOLATILE LANGUAGE sql AS $$
    ${setStatus.text};
    SELECT * FROM presences WHERE user_id = $1
  $$`;

async function makeFunctions(): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(FUNCTIONS);
  await client.end();
}

async function run(): Promise<void> {
  await makeFunctions();
  const gateway = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: url, schemas: ["public", "bench"] })],
    grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
    grafast: { explain: false },
  });
  const server = createServer();
  await gateway.createServ(grafserv).addTo(server);
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`listening http://127.0.0.1:${port}\n`);
  });
}

void run();
