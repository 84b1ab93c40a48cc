import type { MigrationInterface, QueryRunner } from "typeorm";

/** Every expiry is published, not only those that change the status, so rows are found by their end. */
export class EndLeasesAndClaims1795305630000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX presence_claims_until_idx ON presence_claims (until) WHERE until IS NOT NULL`,
    );
    // From now on a lease exists until its end is published. These ended before and are not published.
    await queryRunner.query(
      `UPDATE presences SET lease_until = NULL
       WHERE lease_until <= now() AND (changes_at IS NULL OR changes_at > now())`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX presence_claims_until_idx`);
  }
}
