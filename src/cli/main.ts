#!/usr/bin/env node
import { exitCodes } from "./exit-codes.js";
import { run } from "./run.js";

/** npm passes on a Ctrl-C that we got already; one that follows so soon is that. */
const SAME_SIGNAL_MS = 500;

const interruption = new AbortController();
let interruptedAt = 0;

/** The first lets a command end in good order, the next ends it. */
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

// Whoever reads the output may have had enough, as head has.
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
  leaveSignals: () => {
    for (const signal of signals) process.off(signal, onSignal);
  },
}).then((code) => {
  if (code !== exitCodes.done) process.exitCode = code;
});
