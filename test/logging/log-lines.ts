import type { DestinationStream } from "pino";
import { eventually } from "../support/eventually.js";

/** A parsed line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A log that is kept in memory. */
export class LogLines implements DestinationStream {
  readonly all: LogLine[] = [];

  write(line: string): void {
    this.all.push(JSON.parse(line) as LogLine);
  }

  /** The line of a request. It is written after the client has received the response. */
  of(requestId: string, msg = "request"): Promise<LogLine> {
    return eventually(() => {
      const line = this.all.find((each) => each.requestId === requestId && each.msg === msg);
      return line ? Promise.resolve(line) : Promise.reject(new Error(`no line of ${requestId}`));
    });
  }
}
