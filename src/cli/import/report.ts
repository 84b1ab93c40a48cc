import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { usageError } from "../errors.js";
import { table } from "../layout.js";
import { sanitize, type Output, type Paint } from "../terminal.js";
import type { RowResult } from "./import-source.js";

const outcomes = ["CREATED", "MATCHED", "UPDATED", "UNCHANGED", "CONFLICT", "REFUSED"] as const;

const isSkipped = ({ outcome }: RowResult): boolean =>
  outcome === "CONFLICT" || outcome === "REFUSED";

/** The outcomes of the rows: counted, and each written as it arrives, so that memory does not grow. */
export class Report {
  private readonly counts = new Map<string, number>();

  private constructor(
    private readonly output: Output,
    private readonly paint: Paint,
    private readonly isJson: boolean,
    private readonly file: WriteStream | null,
  ) {}

  /** @param report path of a file for one JSON object per row; an existing file is overwritten */
  static async open(
    output: Output,
    paint: Paint,
    { json, report }: { json?: true; report?: string },
  ): Promise<Report> {
    const file = report === undefined ? null : createWriteStream(report);
    if (file) {
      await once(file, "open").catch((error: Error) => {
        throw usageError(`The report cannot be written: ${error.message}`);
      });
    }
    return new Report(output, paint, json === true, file);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get isClean(): boolean {
    return !this.counts.has("CONFLICT") && !this.counts.has("REFUSED");
  }

  async add(results: readonly RowResult[]): Promise<void> {
    for (const { outcome } of results) {
      this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
    }
    const lines = results.map((result) => `${JSON.stringify(result)}\n`).join("");
    const text = this.isJson ? lines : results.filter(isSkipped).map(this.lineOf).join("");
    await send(this.output, text);
    if (this.file) await send(this.file, lines);
  }

  /** @returns the count of each outcome */
  async end(): Promise<object> {
    if (this.file) await new Promise((resolve) => this.file?.end(resolve));
    return Object.fromEntries(outcomes.map((word) => [word.toLowerCase(), this.countOf(word)]));
  }

  readonly text = (paint: Paint): string =>
    table(
      paint,
      ["OUTCOME", "ROWS"],
      outcomes.map((word) => [word.toLowerCase(), this.countOf(word)]),
    );

  private countOf(word: string): number {
    return this.counts.get(word) ?? 0;
  }

  private readonly lineOf = ({ place, outcome, faults }: RowResult): string => {
    const reasons = faults.map(({ path, message }) => `${path}: ${message}`).join("; ");
    const word = this.paint(outcome === "CONFLICT" ? "yellow" : "red", outcome.toLowerCase());
    return `${word}  ${sanitize(`${place}  ${reasons}`)}\n`;
  };
}

async function send(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text !== "" && !stream.write(text)) await once(stream, "drain");
}
