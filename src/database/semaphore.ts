import { DomainError } from "../errors/domain-error.js";

/** Limits the number of concurrent operations. The others wait in order of arrival. */
export class Semaphore {
  private readonly waiters: (() => void)[] = [];

  /** @param waitMs how long a call waits; without it, until a permit is released */
  constructor(
    private permits: number,
    private readonly waitMs?: number,
  ) {}

  /** @throws RATE_LIMITED when no permit is released in time */
  async acquire(): Promise<void> {
    if (this.permits > 0) {
      this.permits -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const { waitMs } = this;
      const giveUp = (limitMs: number) => {
        this.waiters.splice(this.waiters.indexOf(acquired), 1);
        reject(tooMany(limitMs));
      };
      const timer = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs, waitMs);
      const acquired = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiters.push(acquired);
    });
  }

  /** Passes the permit to the oldest waiter. */
  release(): void {
    const next = this.waiters.shift();
    if (next) next();
    else this.permits += 1;
  }
}

const tooMany = (waitMs: number) =>
  new DomainError("RATE_LIMITED", "Too many long lists are being read: try again later", {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
