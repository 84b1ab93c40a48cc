import { DomainError } from "../errors/domain-error.js";

/** A bound on how many do something at once. Who comes too late waits in line, but not for ever. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];

  /** @param waitMs how long a call waits; without it, until a permit is released */
  constructor(
    private free: number,
    private readonly waitMs?: number,
  ) {}

  /** @throws RATE_LIMITED when nobody has given theirs back in time */
  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const { waitMs } = this;
      const giveUp = (limitMs: number) => {
        this.waiting.splice(this.waiting.indexOf(called), 1);
        reject(tooMany(limitMs));
      };
      const timer = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs, waitMs);
      const called = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push(called);
    });
  }

  /** Hands it on to whoever has waited longest. */
  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

const tooMany = (waitMs: number) =>
  new DomainError("RATE_LIMITED", "Too many long lists are being read: try again later", {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
