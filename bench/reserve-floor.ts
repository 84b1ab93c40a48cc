import { Pool } from "pg";

export interface Floor {
  readonly createSlot: () => Promise<number>;
  /** @returns whether it was still free */
  readonly reserve: (slot: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

const TAKE = `INSERT INTO floor_holds (slot) SELECT id FROM floor_slots WHERE id = $1
  AND NOT EXISTS (SELECT 1 FROM floor_holds WHERE slot = $1) ON CONFLICT DO NOTHING RETURNING slot`;

/** The minimum for a reservation: one conditional INSERT in one transaction, on as many connections. */
export async function openFloor(url: string, poolMax: number): Promise<Floor> {
  const pool = new Pool({ connectionString: url, max: poolMax });
  await pool.query(`
    CREATE TABLE floor_slots (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    CREATE TABLE floor_holds (slot integer PRIMARY KEY REFERENCES floor_slots)`);
  return {
    createSlot: async () => {
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO floor_slots DEFAULT VALUES RETURNING id`,
      );
      return rows[0]?.id ?? 0;
    },
    reserve: async (slot) => {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const taken = await client.query({ name: "take", text: TAKE, values: [slot] });
        await client.query("COMMIT");
        return taken.rowCount === 1;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
