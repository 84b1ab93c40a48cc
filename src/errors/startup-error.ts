/** A reason why Rollcall cannot start that whoever starts it can mend: the words say how, no stack is shown. */
export class StartupError extends Error {
  override readonly name: string = "StartError";
}
