import type { Logger } from "../observability/logging/logger.js";
import type { WorkMetrics } from "../observability/metrics/work-metrics.js";
import { repeat } from "./repeat.js";
import { HEARTBEAT_INTERVAL_MS } from "../services/presence/heartbeats.js";
import type { Services } from "../services/index.js";

/** Writes, once a second, the signs of life that this process collected; the last ones when it stops. */
export function startHeartbeatWriter(
  { presence }: Pick<Services, "presence">,
  logger: Logger,
  metrics: WorkMetrics | null,
) {
  const work = async () => {
    const count = await presence.writeHeartbeats();
    metrics?.noteHeartbeats(count);
  };
  const options = { pauseMs: HEARTBEAT_INTERVAL_MS, name: "writing heartbeats", logger };
  const { stop } = repeat(work, options);
  return {
    stop: async () => {
      await stop();
      // What cannot be written now is lost: the people are online for the rest of their lease.
      await work().catch((error: unknown) => {
        logger.error({ err: error }, "writing the last heartbeats failed");
      });
    },
  };
}
