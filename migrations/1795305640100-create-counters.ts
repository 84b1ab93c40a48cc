import type { MigrationInterface, QueryRunner } from "typeorm";

/** Counters shared by all processes, and the addresses of successful logins. */
export class CreateCounters1795305640100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE counters (
        key        bytea       NOT NULL,
        count      bigint      NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT counters_pkey PRIMARY KEY (key)
      )
    `);
    await queryRunner.query(`CREATE INDEX counters_expires_at_idx ON counters (expires_at)`);
    await queryRunner.query(`ALTER TABLE login_sessions ADD COLUMN address text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE login_sessions DROP COLUMN address`);
    await queryRunner.query(`DROP TABLE counters`);
  }
}
