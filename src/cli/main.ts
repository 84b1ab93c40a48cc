#!/usr/bin/env node
import { exitCodes } from "./exit-codes.js";
import { run } from "./run.js";

/**
 * npm forwards a Ctrl-C that this process already received; a second signal within this time is the same one.
 */
const SAME_SIGNAL_MS = 500;

const interruption = new AbortController();
let interruptedAt = 0;

/** The first signal lets the command stop cleanly, the second exits immediately. */
function onSignal(): void {
  if (!interruption.signal.aborted) {
    interruptedAt = performance.now();
    interruption.abort();
  } else if (performance.now() - interruptedAt > SAME_SIGNAL_MS) {
    process.exit(exitCodes.interrupted);
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
for (const signal of signals) process.on(signal, onSignal);

// The reader of a pipe may close it early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  throw error;
});

void run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  releaseSignals: () => {
    for (const signal of signals) process.off(signal, onSignal);
  },
}).then((code) => {
  if (code !== exitCodes.done) process.exitCode = code;
});
