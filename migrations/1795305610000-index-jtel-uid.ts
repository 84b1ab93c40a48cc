import type { MigrationInterface, QueryRunner } from "typeorm";

/** jtel's clients search for any part of the UID; users_jtel_uid_key finds whole UIDs only. */
export class IndexJtelUid1795305610000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX users_jtel_uid_search_idx ON users USING gin (lower(jtel_uid) gin_trgm_ops)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX users_jtel_uid_search_idx`);
  }
}
