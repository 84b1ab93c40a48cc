/** A reason why the embedded database cannot run. The message is for the operator and names the remedy. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}
