import type { Logger } from "../observability/logging/logger.js";
import type { Swept, WorkMetrics } from "../observability/metrics/work-metrics.js";
import { repeat } from "./repeat.js";
import type { Services } from "../services/index.js";

const PAUSE_MS = 250;
const PRUNING_PAUSE_MS = 30_000;

/**
 * Tells of what ran out. Reads are right without it; it only writes the history and the events of
 * changes that came by themselves. Any number of processes may run one.
 */
export function startSweeper(
  {
    counters,
    idempotency,
    subscriptions,
    presence,
    reservations,
    sessions,
  }: Pick<
    Services,
    "counters" | "idempotency" | "presence" | "reservations" | "sessions" | "subscriptions"
  >,
  logger: Logger,
  metrics: WorkMetrics | null,
) {
  const sweep = (of: Swept, work: () => Promise<readonly number[]>) => () =>
    metrics ? metrics.sweep(of, work) : work();
  // Side by side: neither is late because the other has much to do.
  const sweeping = { pauseMs: PAUSE_MS, name: "sweeping", logger };
  const forgetting = { pauseMs: PRUNING_PAUSE_MS, name: "forgetting", logger };
  const sweeps = [
    repeat(
      sweep("presences", () => presence.settleDue()),
      sweeping,
    ),
    repeat(
      sweep("reservations", () => reservations.expireDue()),
      sweeping,
    ),
    repeat(() => idempotency.prune(), forgetting),
    repeat(() => subscriptions.prune(), forgetting),
    repeat(() => counters.prune(), forgetting),
    repeat(() => sessions.prune(), forgetting),
  ];
  return {
    stop: async () => {
      await Promise.all(sweeps.map(({ stop }) => stop()));
    },
  };
}
