import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

/** Whatever is written there, the kernel says that no space is left on the device (full(4)). */
const FULL_DEVICE = "/dev/full";

/**
 * A disk without room for one table, which must be empty: its file is the device that is always full. Postgres itself
 * runs out of space. Connections that have the file open already do not notice.
 */
export class FullDisk {
  private constructor(
    private readonly file: string,
    private readonly aside: string,
  ) {}

  static async under(superuser: Client, table: string): Promise<FullDisk> {
    // What is in the server's memory must not be written later to a file that is not there.
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

  /** There is room again, for new connections. */
  makeRoom(): void {
    renameSync(this.aside, this.file);
  }
}
