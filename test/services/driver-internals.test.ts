import { Client, Pool } from "pg";
import type { DataSource } from "typeorm";
import { createDataSource } from "../../src/database/connections/data-source.js";
import {
  backendPidOf,
  connectInTransaction,
  isWaitingForServer,
  keepProcessAlive,
  poolOf,
  socketOf,
} from "../../src/database/driver-internals.js";
import { Group } from "../../src/entities/group.entity.js";
import { createWorkerDatabase } from "../support/database.js";

let url: string;
let dataSource: DataSource;
beforeAll(async () => {
  url = await createWorkerDatabase();
  dataSource = createDataSource({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  await dataSource.initialize();
});
afterAll(() => dataSource.destroy());

it("poolOf returns the pool that TypeORM uses", async () => {
  const pool = poolOf(dataSource);
  expect(pool).toBeInstanceOf(Pool);
  expect([pool.totalCount, pool.idleCount, pool.options.max]).toEqual([1, 1, 1]);
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  expect(pool.idleCount).toBe(0);
  await runner.release();
  expect(pool.idleCount).toBe(1);
});

it("socketOf returns the client's socket: destroying it ends the connection", async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const socket = socketOf(client);
  expect(socket.remotePort).toBe(client.port);
  const errors: string[] = [];
  client.on("error", ({ message }) => errors.push(message));
  const ended = new Promise((resolve) => client.once("end", resolve));
  socket.destroy(new Error("cut"));
  await ended;
  expect(errors).toContain("cut");
});

it("isWaitingForServer is true while a result, or the end of the connection, is pending", async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  expect(isWaitingForServer(client)).toBe(false);
  const result = client.query("SELECT 1");
  expect(isWaitingForServer(client)).toBe(true);
  await result;
  expect(isWaitingForServer(client)).toBe(false);
  const ended = client.end();
  expect(isWaitingForServer(client)).toBe(true);
  await ended;
});

it("backendPidOf returns the process of Postgres that serves the client", async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  expect(backendPidOf(client)).toBe(rows[0]?.pid);
  await client.end();
});

it("keepProcessAlive decides whether the client's socket keeps the process running", async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const sockets = () => process.getActiveResourcesInfo().filter((type) => type === "TCPSocketWrap");
  const before = sockets().length;
  keepProcessAlive(client, false);
  expect(sockets()).toHaveLength(before - 1);
  keepProcessAlive(client, true);
  expect(sockets()).toHaveLength(before);
  await client.end();
});

it("connectInTransaction makes TypeORM save entities in the caller's transaction", async () => {
  const runner = dataSource.createQueryRunner();
  const client = await connectInTransaction(runner);
  await client.query("START TRANSACTION");
  await runner.manager.save(Group, { name: "of the transaction" });
  expect(await runner.manager.countBy(Group, { name: "of the transaction" })).toBe(1);
  await client.query("ROLLBACK");
  expect(await runner.manager.countBy(Group, { name: "of the transaction" })).toBe(0);
  await runner.release();
});
