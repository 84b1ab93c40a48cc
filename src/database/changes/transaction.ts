import type { PoolClient, QueryResult } from "pg";
import type { DataSource, EntityManager } from "typeorm";
import { isAbortedTransaction } from "../../errors/postgres.js";
import { connectInTransaction } from "../driver-internals.js";
import { retrace, sendStatement, type Statement } from "../send.js";
import type { StatementNames } from "../statement-names.js";

/**
 * One transaction on one connection. Statements are pipelined: each is sent immediately, and Postgres executes them in
 * order, with a new snapshot and clock for each. A caller waits only for the results that it needs.
 */
export class Transaction {
  /** Of the first failed statement whose result is not awaited. */
  private failure: { readonly error: unknown } | undefined;
  /** Of the first failed statement of all. */
  private firstFailure: { readonly error: unknown } | undefined;

  private constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
    private readonly names: StatementNames,
  ) {}

  /** Commits what `work` does, and rolls back when it throws or any statement fails. */
  static async run<Result>(
    dataSource: DataSource,
    names: StatementNames,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const runner = dataSource.createQueryRunner();
    try {
      const client = await connectInTransaction(runner);
      const transaction = new Transaction(runner.manager, client, names);
      return await transaction.around(work);
    } finally {
      await runner.release();
    }
  }

  /** @returns the rows */
  async query<Raw extends object>(sql: string, values: readonly unknown[] = []): Promise<Raw[]> {
    const statement = { name: this.names.nameOf(sql), text: sql, values: [...values] };
    try {
      return (await this.send<Raw>(statement)).rows;
    } catch (error) {
      this.firstFailure ??= { error };
      throw retrace(error);
    }
  }

  /** Sends a statement whose result is not needed. If it fails, the transaction fails. */
  write(sql: string, values: readonly unknown[]): void {
    this.note(this.query(sql, values));
  }

  private async around<Result>(
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    try {
      this.note(this.send({ text: "START TRANSACTION" }));
      const result = await work(this);
      const { command } = await this.send({ text: "COMMIT" });
      if (command !== "COMMIT")
        throw new Error("COMMIT returned ROLLBACK: an earlier statement failed");
      return result;
    } catch (error) {
      // A lost connection has rolled back.
      await this.send({ text: "ROLLBACK" }).catch(() => undefined);
      throw this.reasonOf(error);
    }
  }

  /** After the first failure Postgres rejects every other statement; the caller may have seen such an error first. */
  private reasonOf(error: unknown): unknown {
    if (this.failure) return this.failure.error;
    return this.firstFailure && isAbortedTransaction(error) ? this.firstFailure.error : error;
  }

  private note(sent: Promise<unknown>): void {
    sent.catch((error: unknown) => (this.failure ??= { error }));
  }

  private send<Raw extends object>(statement: Statement): Promise<QueryResult<Raw>> {
    return sendStatement(this.client, statement);
  }
}
