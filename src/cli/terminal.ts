import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a run of the command line has around it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** For what minds signals itself. */
  readonly leaveSignals: () => void;
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow";
export type Paint = (style: Style, text: string) => string;

/** Colours where they are wanted: on a terminal, unless NO_COLOR says no or FORCE_COLOR yes. */
export const painter =
  (stream: Output): Paint =>
  (style, text) =>
    styleText(style, text, { stream: stream });

/** What comes from elsewhere must not steer the terminal. */
export const harmless = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\u{fffd}");
