import type { MigrationInterface, QueryRunner } from "typeorm";

/** A rotated key keeps its old secret for a while, and a record of it forever. */
export class RetireApiKeySecrets1795305670000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE api_keys ADD COLUMN generation integer NOT NULL DEFAULT 1`,
    );
    await queryRunner.query(`
      CREATE TABLE retired_api_key_secrets (
        api_key_id  integer     NOT NULL,
        generation  integer     NOT NULL,
        secret_hash bytea       NOT NULL,
        expires_at  timestamptz NOT NULL,
        CONSTRAINT retired_api_key_secrets_pkey PRIMARY KEY (api_key_id, generation),
        CONSTRAINT retired_api_key_secrets_secret_hash_key UNIQUE (secret_hash),
        CONSTRAINT retired_api_key_secrets_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE CASCADE
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE retired_api_key_secrets`);
    await queryRunner.query(`ALTER TABLE api_keys DROP COLUMN generation`);
  }
}
