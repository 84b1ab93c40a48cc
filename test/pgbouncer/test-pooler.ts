import { adminUrl } from "../support/database.js";
import { PgBouncer } from "../support/pgbouncer.js";
import { setPoolerPort } from "../support/way-to-database.js";

let pooler: PgBouncer | undefined;

/** The one PgBouncer of a test run, before its Postgres. */
export async function startTestPooler(): Promise<void> {
  pooler = await PgBouncer.before(adminUrl());
  setPoolerPort(pooler.port);
}

export async function stopTestPooler(): Promise<void> {
  await pooler?.remove();
  pooler = undefined;
}
