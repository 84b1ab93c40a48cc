/** A reason why the embedded database cannot serve, told to the person who starts the gateway: it says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}
