/** A request that came with an Idempotency-Key: what it changes is changed once, however often it is sent. */
export interface KeyedRequest {
  /** Whose key it is: the same words from somebody else are another key. */
  readonly credential: string;
  readonly keyHash: Uint8Array;
  /** Of the whole request, so that the same key on another one is noticed. */
  readonly fingerprint: Uint8Array;
  /** What is kept of it can only be read by who sends the request again. */
  readonly seal: (text: string) => Uint8Array;
  /** @throws CONFLICT when it was sealed for another secret */
  readonly open: (sealed: Uint8Array) => string;
}

/** One call of a service within such a request; it makes one change at most. */
export interface KeyedCall {
  readonly request: KeyedRequest;
  /** The same each time the request is executed, such as `users.update 1`. */
  readonly name: string;
}
