import { type Finding, ok, warning } from "./finding.js";

/** Beyond what a network takes; nothing depends on less. */
const CLOCK_SECONDS = 5;

/** @param seconds by which another clock is ahead of this one */
export function checkClock(seconds: number): Finding {
  const words = `${Math.abs(seconds).toFixed(1)} s between the server's clock and this one`;
  if (Math.abs(seconds) <= CLOCK_SECONDS) return ok("clock", words);
  return warning("clock", words, "Set both by NTP: the server's counts, and logs would disagree");
}
