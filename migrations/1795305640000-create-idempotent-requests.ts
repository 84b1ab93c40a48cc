import type { MigrationInterface, QueryRunner } from "typeorm";

/** The outcome of each Idempotency-Key, written in the transaction of the change. */
export class CreateIdempotentRequests1795305640000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE idempotent_requests (
        credential  text        NOT NULL,
        key_hash    bytea       NOT NULL,
        fingerprint bytea       NOT NULL,
        outcomes    jsonb       NOT NULL DEFAULT '{}',
        answer      bytea,
        created_at  timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT idempotent_requests_pkey PRIMARY KEY (credential, key_hash)
      )
    `);
    await queryRunner.query(
      `CREATE INDEX idempotent_requests_created_at_idx ON idempotent_requests (created_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE idempotent_requests`);
  }
}
