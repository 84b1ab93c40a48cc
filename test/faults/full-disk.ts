import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

/** Every write fails with "no space left on device" (full(4)). */
const FULL_DEVICE = "/dev/full";

/**
 * Simulates a full disk for one table, which must be empty: its file becomes a link to the device that is always full.
 * Connections that already have the file open are not affected.
 */
export class FullDisk {
  private constructor(
    private readonly file: string,
    private readonly aside: string,
  ) {}

  static async under(superuser: Client, table: string): Promise<FullDisk> {
    // Writes the dirty buffers now: later their file is missing.
    await superuser.query("CHECKPOINT");
    const { rows } = await superuser.query<{ directory: string; file: string; size: string }>(
      `SELECT current_setting('data_directory') AS directory, pg_relation_filepath($1) AS file,
              pg_relation_size($1) AS size`,
      [table],
    );
    const [{ directory, file, size } = { directory: "", file: "", size: "" }] = rows;
    if (size !== "0") throw new Error(`${table} is not empty`);
    const path = join(directory, file);
    renameSync(path, `${path}.aside`);
    symlinkSync(FULL_DEVICE, path);
    return new FullDisk(path, `${path}.aside`);
  }

  /** Restores the file for new connections. */
  makeRoom(): void {
    renameSync(this.aside, this.file);
  }
}
