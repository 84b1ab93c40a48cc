import type { MigrationInterface, QueryRunner } from "typeorm";

/** Whatever runs out is told, not only what changes the status: so it has to be found by its end. */
export class EndLeasesAndClaims1795305630000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX presence_claims_until_idx ON presence_claims (until) WHERE until IS NOT NULL`,
    );
    // From now on a lease is there until its end is told. These ended before, and are no news.
    await queryRunner.query(
      `UPDATE presences SET lease_until = NULL
       WHERE lease_until <= now() AND (changes_at IS NULL OR changes_at > now())`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX presence_claims_until_idx`);
  }
}
