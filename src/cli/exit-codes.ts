/** How the process ends; scripts look at it, so a code keeps its meaning. */
export const exitCodes = {
  done: 0,
  /** Rollcall understood and said no; nothing was changed. Of `doctor` and `import`: not all is well. */
  refused: 1,
  /** The command line or the environment makes no sense; nothing was asked. */
  usage: 2,
  /** The gateway or the database does not answer, or asks to come back later. */
  unavailable: 3,
  /** A fault of Rollcall itself. */
  failed: 4,
  /** Ctrl-C, or a signal to end. */
  interrupted: 130,
} as const;
