/** The exit codes of the process. Scripts rely on them, so a code keeps its meaning. */
export const exitCodes = {
  done: 0,
  /** The request was refused and nothing was changed. For `doctor` and `import`: there are problems. */
  refused: 1,
  /** The command line or the environment is invalid; no request was sent. */
  usage: 2,
  /** The gateway or the database does not respond, or asks to retry later. */
  unavailable: 3,
  /** An internal error of Rollcall. */
  failed: 4,
  /** Ctrl-C or another signal. */
  interrupted: 130,
} as const;
