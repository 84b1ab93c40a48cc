import type { Logger } from "./logger.js";
import type { Services } from "./services/index.js";

const INTERVAL_MS = 500;

/**
 * Tells of what ran out. Reads are right without it; it only writes the history and the events of
 * changes that came by themselves. Any number of processes may run one.
 */
export function startSweeper(
  { presence, reservations }: Pick<Services, "presence" | "reservations">,
  logger: Logger,
) {
  // Side by side: neither is late because the other has much to do.
  const sweeps = [() => presence.settleDue(), () => reservations.expireDue()].map((sweep) =>
    repeat(sweep, logger),
  );
  return {
    stop: async () => {
      await Promise.all(sweeps.map(({ stop }) => stop()));
    },
  };
}

function repeat(sweep: () => Promise<unknown>, logger: Logger) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async () => {
    try {
      await sweep();
    } catch (error) {
      logger.error({ err: error }, "sweeping failed; it is tried again");
    }
    schedule();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = run();
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
