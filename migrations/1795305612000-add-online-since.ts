import type { MigrationInterface, QueryRunner } from "typeorm";

/** Clientexec shows how long a user has been online, whatever the status was. */
export class AddOnlineSince1795305612000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE presences ADD COLUMN online_since timestamptz`);
    // The start of existing connections was not recorded; the migration can only mark them as online.
    await queryRunner.query(
      `UPDATE presences SET online_since = last_seen_at WHERE lease_until IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE presences DROP COLUMN online_since`);
  }
}
