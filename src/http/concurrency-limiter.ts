import type { ConcurrencyLimits } from "../config/limits.js";
import { unavailable } from "../errors/domain-error.js";

/**
 * The requests that are being worked on. Their number is bounded, so that memory is: whoever comes when it is full is
 * refused at once. Each is answered in time, with what it asked for or without.
 */
export class ConcurrencyLimiter {
  private count = 0;

  constructor(private readonly limits: ConcurrencyLimits) {}

  /** How many there are now. */
  get inFlight(): number {
    return this.count;
  }

  /**
   * Work that is late goes on unheard, and is counted until it has ended.
   *
   * @param work is told when it will be late, by `performance.now()`
   * @throws SERVICE_UNAVAILABLE at once when too much is being worked on, and when it takes too long
   */
  withDeadline<Result>(work: (deadline: number) => Promise<Result>): Promise<Result> {
    const { timeoutMs } = this.limits;
    return new Promise((resolve, reject) => {
      this.begin();
      const timer = setTimeout(() => reject(unavailable()), timeoutMs);
      const end = () => {
        clearTimeout(timer);
        this.count -= 1;
      };
      work(performance.now() + timeoutMs).then(
        (result) => {
          end();
          resolve(result);
        },
        (error: Error) => {
          end();
          reject(error);
        },
      );
    });
  }

  /**
   * Work that has limits of its own for how long it takes.
   *
   * @throws SERVICE_UNAVAILABLE at once when too much is being worked on
   */
  async withoutDeadline<Result>(work: () => Promise<Result>): Promise<Result> {
    this.begin();
    try {
      return await work();
    } finally {
      this.count -= 1;
    }
  }

  private begin(): void {
    if (this.count >= this.limits.max) throw unavailable();
    this.count += 1;
  }
}
