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

const MAX_BYTES = 10_000_000;
const TAIL_BYTES = 8_000;

/** The server's log. A file instead of a pipe: the server survives a killed node and continues to write. */
export interface ServerLog {
  readonly descriptor: number;
  /** The end of what was written since the log was opened. */
  readonly tail: () => string;
  readonly close: () => void;
}

export function openServerLog(file: string, user: ServerUser | undefined): ServerLog {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && found.size > MAX_BYTES) renameSync(file, `${file}.old`);

  // No symbolic links: root may write here into a directory of another user.
  const noLinks = constants.O_NOFOLLOW ?? 0;
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | noLinks;
  const descriptor = openSync(file, flags, 0o600);
  if (user) fchownSync(descriptor, user.uid, user.gid); // the owner of the cluster may also start it without
  // root
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
