/** It cannot go on as it is, and nothing is lost to who comes back and resumes behind the last event they have. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}
