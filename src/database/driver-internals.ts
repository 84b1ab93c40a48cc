/**
 * What pg and TypeORM do not declare as public. Nothing else in src may depend on it; test/services/driver-internals.test.ts
 * fails when an update changes it.
 */
import type { Socket } from "node:net";
import type { ClientBase, Pool, PoolClient } from "pg";
import type { DataSource, QueryRunner } from "typeorm";
import type { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";

interface Internals {
  readonly connection: { readonly stream: Socket };
  /** False while a result is pending. */
  readonly readyForQuery: boolean;
  /** `end` was called, and the server has not closed the connection yet. */
  readonly _ending: boolean;
  readonly processID: number;
  readonly ref: () => void;
  readonly unref: () => void;
}

const internalsOf = (client: ClientBase): Internals => client as unknown as Internals;

export const poolOf = (dataSource: DataSource): Pool =>
  (dataSource.driver as PostgresDriver).master as Pool;

export const socketOf = (client: ClientBase): Socket => internalsOf(client).connection.stream;

/** Whether the server owes a result, or the end of the connection. */
export function isWaitingForServer(client: ClientBase): boolean {
  const { readyForQuery, _ending } = internalsOf(client);
  return !readyForQuery || _ending;
}

/** The process of Postgres that serves the client, as `pg_backend_pid()` returns it. */
export const backendPidOf = (client: ClientBase): number => internalsOf(client).processID;

/** Whether the open connection keeps this process running. */
export function keepProcessAlive(client: ClientBase, isKept: boolean): void {
  if (isKept) internalsOf(client).ref();
  else internalsOf(client).unref();
}

/**
 * The runner's connection, on which the caller sends START TRANSACTION and COMMIT: TypeORM's own methods wait for the result
 * of each. The runner takes the transaction as active, and begins no other one.
 */
export async function connectInTransaction(runner: QueryRunner): Promise<PoolClient> {
  const client = (await runner.connect()) as PoolClient;
  Object.assign(runner, { isTransactionActive: true });
  return client;
}
