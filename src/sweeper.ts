import type { Logger } from "./logger.js";
import type { PresenceService } from "./services/presence.service.js";

const INTERVAL_MS = 500;

/**
 * Tells of what ran out. Reads are right without it; it only writes the history and the events of
 * changes that came by themselves. Any number of processes may run one.
 */
export function startSweeper(presence: PresenceService, logger: Logger) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const sweep = async () => {
    try {
      await presence.settleDue();
    } catch (error) {
      logger.error({ err: error }, "sweeping failed; it is tried again");
    }
    schedule();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweep();
    }, INTERVAL_MS);
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
