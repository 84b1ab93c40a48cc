import type { MigrationInterface, QueryRunner } from "typeorm";

/** For deleting sessions that ended long ago. */
export class IndexSessionExpiry1795305670100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX login_sessions_expires_at_idx ON login_sessions (expires_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX login_sessions_expires_at_idx`);
  }
}
