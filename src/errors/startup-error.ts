/** A failure to start that the operator can correct. The message says how, and is printed without a stack trace. */
export class StartupError extends Error {
  override readonly name: string = "StartError";
}
