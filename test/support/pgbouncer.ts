import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { serverUserFor } from "../../src/embedded-postgres/server-user.js";
import { blocksOf, readDoc, sectionOf } from "../docs/markdown.js";
import { makeTempDir } from "./temp-dir.js";

const PROGRAM = process.env["PGBOUNCER_PATH"] ?? "/usr/sbin/pgbouncer";

/** Fewer than the connections of a gateway, so that transactions of different clients share each of them. */
export const POOL_SIZE = 3;

const POLL_MS = 10;

/** A real PgBouncer before a Postgres, configured as docs/operations.md describes. */
export class PgBouncer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly databaseUrl: string,
    readonly port: number,
  ) {}

  /**
   * @param databaseUrl the address of a superuser
   * @throws Error with instructions to install PgBouncer when there is none
   */
  static async before(databaseUrl: string): Promise<PgBouncer> {
    if (!existsSync(PROGRAM)) {
      throw new Error(
        `There is no PgBouncer at ${PROGRAM}. Install it (on Debian: apt-get install pgbouncer), ` +
          "or set PGBOUNCER_PATH to where it is.",
      );
    }
    const pooler = new PgBouncer(makeTempDir(), databaseUrl, await freePort());
    pooler.configure();
    await pooler.start();
    return pooler;
  }

  /** The address of the same database through the pooler. */
  urlOf(databaseUrl: string): string {
    return Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${this.port}` }).href;
  }

  async start(): Promise<void> {
    this.child = spawn(PROGRAM, ["-q", join(this.directory, "pgbouncer.ini")], {
      stdio: ["ignore", "ignore", "inherit"],
      ...serverUserFor(),
    });
    const failed = once(this.child, "exit").then(() => true);
    while (!(await this.answers())) {
      if (await Promise.race([failed, sleep(POLL_MS, false)])) throw new Error("PgBouncer ended");
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The result of SHOW on the console. */
  async show<Row extends object>(what: string): Promise<Row[]> {
    const console = new Client({
      connectionString: this.urlOf(this.databaseUrl.replace(/[^/]+$/, "pgbouncer")),
    });
    await console.connect();
    const { rows } = await console.query<Row>(`SHOW ${what}`);
    await console.end();
    return rows;
  }

  private configure(): void {
    const { hostname, port, username, password } = new URL(this.databaseUrl);
    const [block] = blocksOf(sectionOf(readDoc("docs/operations.md"), "Behind PgBouncer"));
    const users = join(this.directory, "userlist.txt");
    const replacements: readonly (readonly [RegExp, string])[] = [
      [/^rollcall = host=\S+ port=\d+ dbname=rollcall/m, `* = host=${hostname} port=${port}`],
      [/^listen_port = .*/m, `listen_port = ${this.port}`],
      [/^auth_file = .*/m, `auth_file = ${users}\nstats_users = ${username}\nunix_socket_dir =`],
      [/^default_pool_size = .*/m, `default_pool_size = ${POOL_SIZE}`],
    ];
    let settings = block?.text ?? "";
    for (const [documented, ours] of replacements) {
      if (!documented.test(settings)) throw new Error(`docs/operations.md has no ${documented}`);
      settings = settings.replace(documented, ours);
    }
    writeFileSync(users, `"${username}" "${password}"\n`);
    writeFileSync(join(this.directory, "pgbouncer.ini"), settings);
    // It refuses to run as root.
    const user = serverUserFor();
    if (user) chownSync(this.directory, user.uid, user.gid);
    chmodSync(this.directory, 0o755);
  }

  private async answers(): Promise<boolean> {
    try {
      await this.show("VERSION");
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * A port below the ephemeral range: otherwise an outgoing connection could take it before the pooler starts or
 * restarts.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
