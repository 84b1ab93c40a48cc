import { Client } from "pg";
import { destroyConnection } from "./inactivity-timeout.js";

/**
 * Checks whether the database responds, on a separate connection: requests that wait for one of the pool do not make the
 * process unready. Concurrent calls share one check.
 */
export class DatabaseProbe {
  private client: Client | undefined;
  private inFlight: Promise<boolean> | undefined;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** Resolves within the timeout. */
  isResponding(): Promise<boolean> {
    this.inFlight ??= this.check().finally(() => (this.inFlight = undefined));
    return this.inFlight;
  }

  async close(): Promise<void> {
    await this.inFlight;
    this.drop();
  }

  private async check(): Promise<boolean> {
    // Destroying the connection rejects the pending query.
    const timer = setTimeout(() => this.drop(), this.timeoutMs);
    try {
      const client = this.client ?? (await this.connect());
      await client.query("SELECT 1");
      return true;
    } catch {
      this.drop();
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url, application_name: "rollcall probe" });
    client.on("error", () => this.drop());
    this.client = client;
    await client.connect();
    return client;
  }

  private drop(): void {
    if (this.client) destroyConnection(this.client);
    this.client = undefined;
  }
}
