import type { Logger } from "./logger.js";
import { repeat } from "./repeat.js";
import type { Services } from "./services/index.js";

const PAUSE_MS = 500;

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
    repeat(sweep, { pauseMs: PAUSE_MS, name: "sweeping", logger }),
  );
  return {
    stop: async () => {
      await Promise.all(sweeps.map(({ stop }) => stop()));
    },
  };
}
