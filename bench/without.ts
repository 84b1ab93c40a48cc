/** Starts Rollcall without one of its optimisations, named by BENCH_WITHOUT, to measure what it gains. */
import { execute } from "graphql";
import type { Pool } from "pg";
import { Coalescer } from "../src/database/coalesce.js";
import { GroupCommit } from "../src/database/group-commit.js";
import { PipelinedConnections } from "../src/database/connections/pipelined-connections.js";
import { SelectedColumns } from "../src/database/selected-columns.js";
import * as executor from "../src/graphql/execution/executor.js";

/** Replaces the methods by the plain way. */
const devices = {
  coalescing: () => {
    Coalescer.prototype.request = function <Item, Result>(
      this: { run: (items: readonly Item[]) => Promise<Result> },
      item: Item,
    ) {
      return this.run([item]);
    } as Coalescer<unknown, unknown>["request"];
  },
  pipelining: () => {
    PipelinedConnections.prototype.query = function (this: { pool: () => Pool }, statement) {
      return this.pool().query(statement);
    };
  },
  /** GraphQL.js executes every operation. */
  plans: () => {
    const createExecutor: typeof executor.createExecutor =
      (schema) => async (document, operation, variableValues, contextValue) => {
        const operationName = operation.name?.value;
        const args = { schema, document, operationName, variableValues, contextValue };
        const { data, errors = [] } = await execute(args);
        return { dataJson: data === undefined ? null : JSON.stringify(data), errors };
      };
    Object.assign(executor, { createExecutor });
  },
  /** Rows are read with all columns. */
  columns: () => {
    SelectedColumns.prototype.of = () => undefined;
    SelectedColumns.prototype.has = () => true;
  },
  // An item that the batch leaves out is committed alone.
  "group-commit": () => {
    GroupCommit.prototype.join = () => Promise.resolve(undefined);
  },
};

export type Device = keyof typeof devices;

export const deviceNames = Object.keys(devices) as readonly Device[];

if (require.main === module) {
  const name = process.env["BENCH_WITHOUT"] as Device;
  devices[name]();
  void import("../src/main.js");
}
