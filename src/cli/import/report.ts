import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { usageError } from "../faults.js";
import { table } from "../layout.js";
import { harmless, type Output, type Paint } from "../terminal.js";
import type { RowResult } from "./take-in.js";

const outcomes = ["CREATED", "MATCHED", "UPDATED", "UNCHANGED", "CONFLICT", "REFUSED"] as const;

const isLeftAlone = ({ outcome }: RowResult): boolean =>
  outcome === "CONFLICT" || outcome === "REFUSED";

/** What became of the rows: counted, and each told as it comes, so that nothing is held. */
export class Report {
  private readonly counts = new Map<string, number>();

  private constructor(
    private readonly output: Output,
    private readonly paint: Paint,
    private readonly isForMachines: boolean,
    private readonly file: WriteStream | null,
  ) {}

  /** @param path of a file for a JSON object a row; an existing one is written anew */
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
    const words = this.isForMachines
      ? lines
      : results.filter(isLeftAlone).map(this.wordsOf).join("");
    await send(this.output, words);
    if (this.file) await send(this.file, lines);
  }

  /** @returns the counts, in one line for machines and as a table for people */
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

  private readonly wordsOf = ({ place, outcome, faults }: RowResult): string => {
    const reasons = faults.map(({ path, message }) => `${path}: ${message}`).join("; ");
    const word = this.paint(outcome === "CONFLICT" ? "yellow" : "red", outcome.toLowerCase());
    return `${word}  ${harmless(`${place}  ${reasons}`)}\n`;
  };
}

async function send(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text !== "" && !stream.write(text)) await once(stream, "drain");
}
