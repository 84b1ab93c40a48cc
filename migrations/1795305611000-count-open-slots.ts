import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Stores the number of free slots, so that an index finds the next available agent without counting
 * reservations. The fencing tokens are in a table that outlives the role.
 */
export class CountOpenSlots1795305611000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE presences
        ADD COLUMN open_slots          integer NOT NULL DEFAULT 0,
        ADD COLUMN last_reservation_at timestamptz,
        ADD COLUMN last_fencing_token  integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT presences_open_slots_check CHECK (open_slots >= 0),
        ADD CONSTRAINT presences_last_fencing_token_check CHECK (last_fencing_token >= 0)
    `);
    await queryRunner.query(`
      UPDATE presences p
      SET last_fencing_token = r.last_token, last_reservation_at = r.last_at
      FROM (SELECT user_id, max(fencing_token) AS last_token,
                   max(CASE state WHEN 'EXPIRED' THEN expires_at ELSE held_at END) AS last_at
            FROM reservations GROUP BY user_id) AS r
      WHERE r.user_id = p.user_id
    `);
    await queryRunner.query(`
      UPDATE presences p
      SET open_slots = greatest(0, s.max_chats - (
        SELECT count(*) FROM reservations r
        WHERE r.user_id = p.user_id AND (r.state = 'ACCEPTED' OR r.state = 'HELD' AND r.expires_at > now())))
      FROM users u, agents a, user_settings s
      WHERE u.id = p.user_id AND a.user_id = p.user_id AND s.user_id = p.user_id
        AND u.active AND a.availability = 'AVAILABLE'
    `);
    await queryRunner.query(`
      CREATE INDEX presences_open_slots_idx ON presences
        (status_id, open_slots DESC, (coalesce(last_reservation_at, since)), user_id) WHERE open_slots > 0
    `);
    await queryRunner.query(
      `CREATE INDEX reservations_expires_at_idx ON reservations (expires_at) WHERE state = 'HELD'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX reservations_expires_at_idx`);
    await queryRunner.query(`DROP INDEX presences_open_slots_idx`);
    await queryRunner.query(`
      ALTER TABLE presences
        DROP COLUMN last_fencing_token, DROP COLUMN last_reservation_at, DROP COLUMN open_slots
    `);
  }
}
