import type { PoolClient, QueryResult } from "pg";
import type { DataSource, EntityManager } from "typeorm";
import { isAbortedTransaction } from "../errors/postgres.js";
import { retrace, sendStatement, type Statement } from "./send.js";
import type { StatementNames } from "./statement-names.js";

/**
 * One transaction on one connection. A statement is sent at once, behind those whose answers are still to come: Postgres
 * takes them in order, and each sees what those before it did and waited for. So only who needs an answer waits for one.
 */
export class Transaction {
  /** Of the first statement that failed without anybody waiting for it. */
  private failure: { readonly error: unknown } | undefined;
  /** Of the first statement that failed at all. */
  private firstFailure: { readonly error: unknown } | undefined;

  private constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
    private readonly names: StatementNames,
  ) {}

  /** Commits what `work` does; when that or any statement fails, nothing has happened. */
  static async run<Result>(
    dataSource: DataSource,
    names: StatementNames,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const runner = dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      // By TypeORM's own way it would begin, and end, only after an answer.
      Object.assign(runner, { isTransactionActive: true });
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

  /** For a statement whose answer nobody needs. When it fails, the transaction does. */
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
      if (command !== "COMMIT") throw new Error("a statement failed, and nobody minded");
      return result;
    } catch (error) {
      // A connection that is lost has rolled back.
      await this.send({ text: "ROLLBACK" }).catch(() => undefined);
      throw this.reasonOf(error);
    }
  }

  /** All that came after the first failure failed for it, and whoever waits for several may hear of that first. */
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
