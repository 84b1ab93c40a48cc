import type { MigrationInterface, QueryRunner } from "typeorm";

/** A row in `agents` or `managers` is the role: removing the role does not change the user. */
export class CreateAgents1795305605000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE agents (
        user_id       integer     NOT NULL,
        availability  text        NOT NULL DEFAULT 'AVAILABLE',
        registered_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT agents_pkey PRIMARY KEY (user_id),
        CONSTRAINT agents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT agents_availability_check CHECK (availability IN ('AVAILABLE', 'NOT_AVAILABLE'))
      )
    `);
    await queryRunner.query(
      `CREATE INDEX agents_available_idx ON agents (user_id) WHERE availability = 'AVAILABLE'`,
    );
    await queryRunner.query(
      `CREATE INDEX agents_not_available_idx ON agents (user_id) WHERE availability = 'NOT_AVAILABLE'`,
    );
    await queryRunner.query(
      `CREATE INDEX agents_registered_at_idx ON agents (registered_at, user_id)`,
    );
    await queryRunner.query(`
      CREATE TABLE managers (
        user_id       integer     NOT NULL,
        registered_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT managers_pkey PRIMARY KEY (user_id),
        CONSTRAINT managers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE managers`);
    await queryRunner.query(`DROP TABLE agents`);
  }
}
