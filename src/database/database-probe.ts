import { Client } from "pg";
import { destroyConnection } from "./inactivity-timeout.js";

/**
 * Asks the database whether it answers, on a connection of its own: that requests wait for theirs is no reason to send
 * them elsewhere. However many ask at once, it is asked once.
 */
export class DatabaseProbe {
  private client: Client | undefined;
  private asking: Promise<boolean> | undefined;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** Within the timeout, always. */
  answers(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  async close(): Promise<void> {
    await this.asking;
    this.drop();
  }

  private async ask(): Promise<boolean> {
    // Cutting the connection ends whatever is waited for.
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
