import type { Output } from "./terminal.js";

const WIDTH = 24;
const INTERVAL_MS = 100;

/** A progress bar on standard error. Prints nothing unless that is a terminal. */
export class Progress {
  private shownAt = -Infinity;

  constructor(
    private readonly stream: Output,
    private readonly label: string,
  ) {}

  /** @param total undefined while it is unknown */
  show(done: number, total: number | undefined): void {
    if (!this.stream.isTTY) return;
    const now = performance.now();
    if (now - this.shownAt < INTERVAL_MS && done !== total) return;
    this.shownAt = now;
    this.stream.write(`\r\u001b[K${this.label} ${barOf(done, total)}`);
  }

  /** Clears the bar, so that the next output starts on an empty line. */
  end(): void {
    if (this.stream.isTTY && this.shownAt > -Infinity) this.stream.write("\r\u001b[K");
  }
}

function barOf(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return String(done);
  const filled = Math.min(WIDTH, Math.round((done / total) * WIDTH));
  const percent = Math.min(100, Math.floor((done / total) * 100));
  return `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${percent} %  ${done} of ${total}`;
}
