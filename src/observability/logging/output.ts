import type { DestinationStream } from "pino";
import type { Config } from "../../config/schema.js";

/** Standard output, or what stands in for it. */
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * Where the log goes, and how it looks there: an object a line for machines, or words for people.
 *
 * @param format undefined: words in a terminal, else objects
 * @returns undefined for pino's own way to standard output, which is the fastest
 */
export async function openLogOutput(
  format: Config["logFormat"],
  output: Output = process.stdout,
): Promise<DestinationStream | undefined> {
  if ((format ?? (output.isTTY ? "pretty" : "json")) === "json") return undefined;
  // Loaded for people alone.
  const { default: pretty } = await import("pino-pretty");
  return pretty({
    destination: output,
    sync: true,
    colorize: output.isTTY === true,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
  });
}
