import type { MigrationInterface, QueryRunner } from "typeorm";

/** Distinguishes an id imported from a legacy system from a generated one, which an import may replace. */
export class NoteImportedIds1795305690000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE users
        ADD COLUMN imported_from text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT users_imported_from_check
          CHECK (imported_from <@ ARRAY['CLIENTEXEC', 'ROCKET_CHAT', 'JTEL', 'OMNIDESK'])
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE users DROP COLUMN imported_from`);
  }
}
