import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The environment of one run of the command line. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Removes the signal handlers, for a command that installs its own. */
  readonly releaseSignals: () => void;
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow";
export type Paint = (style: Style, text: string) => string;

/** Styles the text when the stream is a terminal, unless NO_COLOR or FORCE_COLOR decides otherwise. */
export const painter =
  (stream: Output): Paint =>
  (style, text) =>
    styleText(style, text, { stream });

/** Replaces control characters, so that foreign text cannot control the terminal. */
export const sanitize = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\u{fffd}");
