import type { Logger } from "../observability/logging/logger.js";

export interface Repeated {
  /** Lets the work that is going on end. */
  readonly stop: () => Promise<void>;
}

/** Does the work again and again, with a pause after each time, whatever becomes of it. */
export function repeat(
  work: () => Promise<unknown>,
  { pauseMs, name, logger }: { pauseMs: number; name: string; logger: Logger },
): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async () => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error }, `${name} failed; it is tried again`);
    }
    schedule();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = run();
    }, pauseMs);
  };
  schedule();

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
