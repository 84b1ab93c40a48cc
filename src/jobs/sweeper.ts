import type { Logger } from "../observability/logging/logger.js";
import type { Swept, WorkMetrics } from "../observability/metrics/work-metrics.js";
import { repeat } from "./repeat.js";
import type { Services } from "../services/index.js";

const PAUSE_MS = 250;
const PRUNING_PAUSE_MS = 30_000;

/**
 * Writes the history and the events of presences and reservations that have expired, and deletes old rows. Reads are
 * correct without it. Several processes can run one each.
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
  // Concurrently: a large sweep does not delay the others.
  const sweeping = { pauseMs: PAUSE_MS, name: "sweeping", logger };
  const pruning = { pauseMs: PRUNING_PAUSE_MS, name: "pruning", logger };
  const sweeps = [
    repeat(
      sweep("presences", () => presence.expireDue()),
      sweeping,
    ),
    repeat(
      sweep("reservations", () => reservations.expireDue()),
      sweeping,
    ),
    repeat(() => idempotency.prune(), pruning),
    repeat(() => subscriptions.prune(), pruning),
    repeat(() => counters.prune(), pruning),
    repeat(() => sessions.prune(), pruning),
  ];
  return {
    stop: async () => {
      await Promise.all(sweeps.map(({ stop }) => stop()));
    },
  };
}
