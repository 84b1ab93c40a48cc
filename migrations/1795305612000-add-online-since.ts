import type { MigrationInterface, QueryRunner } from "typeorm";

/** Clientexec shows for how long somebody has been online, whatever their status was meanwhile. */
export class AddOnlineSince1795305612000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE presences ADD COLUMN online_since timestamptz`);
    // Nobody wrote down when the connections of before began; that they are there is all that is known.
    await queryRunner.query(
      `UPDATE presences SET online_since = last_seen_at WHERE lease_until IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE presences DROP COLUMN online_since`);
  }
}
