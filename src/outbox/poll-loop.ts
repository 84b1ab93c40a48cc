/** What a read has left to read: no event, events behind a gap, or more than fit into one read. */
export type Remainder = "NONE" | "GAP" | "MORE";

/** Wake-ups within this time cause one read. */
const COALESCE_MS = 4;

/** The delay of the next read. That after NONE is how late an event can be when every notification is lost. */
const DELAY_MS: Readonly<Record<Remainder, number>> = { NONE: 200, GAP: 10, MORE: COALESCE_MS };

/** Repeats a read: after a delay, soon after a wake-up, and on demand. Reads never overlap. */
export class PollLoop {
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private queued: Promise<void> | undefined;
  private isReading = false;
  private isWoken = false;
  private hasStopped = false;

  constructor(private readonly read: () => Promise<Remainder>) {}

  start(): void {
    this.schedule(DELAY_MS.NONE);
  }

  stop(): void {
    this.hasStopped = true;
    clearTimeout(this.timer);
  }

  wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    if (!this.isReading) this.schedule(COALESCE_MS);
  }

  /**
   * Reads after the read in progress, if there is one. Concurrent calls share one read.
   *
   * @throws what the read throws
   */
  readNow(): Promise<void> {
    this.queued ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.queued = undefined;
        return this.run();
      });
    return this.queued;
  }

  private schedule(delayMs: number): void {
    if (this.hasStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run().catch(() => undefined), delayMs);
  }

  private run(): Promise<void> {
    if (!this.isReading) this.current = this.readOnce();
    return this.current;
  }

  private async readOnce(): Promise<void> {
    this.isReading = true;
    this.isWoken = false;
    let remainder: Remainder = "NONE";
    try {
      remainder = await this.read();
    } finally {
      this.isReading = false;
      this.schedule(this.isWoken ? COALESCE_MS : DELAY_MS[remainder]);
    }
  }
}
