import type { Logger } from "../observability/logging/logger.js";
import type { WorkMetrics } from "../observability/metrics/work-metrics.js";
import { repeat } from "./repeat.js";
import { HEARTBEAT_INTERVAL_MS } from "../services/presence/heartbeats.js";
import type { Services } from "../services/index.js";

/** Writes the heartbeats that this process has collected: once a second, and when it stops. */
export function startHeartbeatWriter(
  { presence }: Pick<Services, "presence">,
  logger: Logger,
  metrics: WorkMetrics | null,
) {
  const work = async () => {
    const count = await presence.writeHeartbeats();
    metrics?.recordHeartbeats(count);
  };
  const options = { pauseMs: HEARTBEAT_INTERVAL_MS, name: "writing heartbeats", logger };
  const { stop } = repeat(work, options);
  return {
    stop: async () => {
      await stop();
      // Without this write the users stay online until their last written lease ends.
      await work().catch((error: unknown) => {
        logger.error({ err: error }, "writing the last heartbeats failed");
      });
    },
  };
}
