import type { DestinationStream } from "pino";
import type { Config } from "../../config/schema.js";

/** Standard output, or a substitute for it. */
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * Where the log is written, and in which format: one JSON object per line, or readable text.
 *
 * @param format undefined: readable text in a terminal, else JSON
 * @returns undefined for pino's own standard output, which is the fastest
 */
export async function openLogOutput(
  format: Config["logFormat"],
  output: Output = process.stdout,
): Promise<DestinationStream | undefined> {
  if ((format ?? (output.isTTY ? "pretty" : "json")) === "json") return undefined;
  // Loaded only when it is used.
  const { default: pretty } = await import("pino-pretty");
  return pretty({
    destination: output,
    sync: true,
    colorize: output.isTTY === true,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
  });
}
