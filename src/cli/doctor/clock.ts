import { type Finding, ok, warning } from "./finding.js";

/** More than the latency of a network; smaller differences have no effect. */
const CLOCK_SECONDS = 5;

/** @param seconds by which the other clock is ahead of this one */
export function checkClock(seconds: number): Finding {
  const message = `${Math.abs(seconds).toFixed(1)} s between the server's clock and this one`;
  if (Math.abs(seconds) <= CLOCK_SECONDS) return ok("clock", message);
  return warning(
    "clock",
    message,
    "Synchronise both with NTP: Rollcall uses the server's, and log times would differ",
  );
}
