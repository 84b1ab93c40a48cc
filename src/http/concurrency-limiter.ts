import type { ConcurrencyLimits } from "../config/limits.js";
import { unavailable } from "../errors/domain-error.js";

/**
 * Limits the number of requests in flight, and so the memory that they take: further ones are refused immediately. A request that
 * misses its deadline is refused as well.
 */
export class ConcurrencyLimiter {
  private count = 0;

  constructor(private readonly limits: ConcurrencyLimits) {}

  /** The number of requests in flight. */
  get inFlight(): number {
    return this.count;
  }

  /**
   * Late work continues, its result is discarded, and it counts until it ends.
   *
   * @param work receives its deadline, by `performance.now()`
   * @throws SERVICE_UNAVAILABLE immediately at the limit, or when the deadline passes
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
   * For work with time limits of its own.
   *
   * @throws SERVICE_UNAVAILABLE immediately at the limit
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
