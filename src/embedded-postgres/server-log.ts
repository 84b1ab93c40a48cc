import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";

import type { ServerUser } from "./server-user.js";

const KEEP_BYTES = 10_000_000;
const TAIL_BYTES = 8_000;

/** The server's own log. A file, not a pipe: the server outlives a node that was killed, and goes on writing. */
export interface ServerLog {
  readonly descriptor: number;
  /** What was written since it was opened, the last of it. */
  readonly tail: () => string;
  readonly close: () => void;
}

export function openServerLog(file: string, user: ServerUser | undefined): ServerLog {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && found.size > KEEP_BYTES) renameSync(file, `${file}.old`);

  // No links: root may write here into a directory of somebody else.
  const noLinks = constants.O_NOFOLLOW ?? 0;
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | noLinks;
  const descriptor = openSync(file, flags, 0o600);
  if (user) fchownSync(descriptor, user.uid, user.gid); // who owns the cluster may start it without root, too
  const begin = fstatSync(descriptor).size;
  return {
    descriptor,
    tail: () => {
      const end = fstatSync(descriptor).size;
      const from = Math.max(begin, end - TAIL_BYTES);
      const buffer = Buffer.alloc(end - from);
      readSync(descriptor, buffer, 0, buffer.length, from);
      return buffer.toString("utf8").trim();
    },
    close: () => closeSync(descriptor),
  };
}
