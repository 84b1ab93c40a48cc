import type { Logger } from "../observability/logging/logger.js";

export interface Repeated {
  /** Resolves when the work in flight has ended. */
  readonly stop: () => Promise<void>;
}

/** Repeats work with a pause after each run, also after errors, which it logs. */
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
