/** Where the outcomes of a request with an Idempotency-Key are stored. */
export interface IdempotencyRecord {
  /** The same key with another credential is another key. */
  readonly credential: string;
  readonly keyHash: Uint8Array;
  /** Of the whole request: detects the same key on another request. */
  readonly fingerprint: Uint8Array;
  /** Stored texts can only be read with the secret of the request. */
  readonly seal: (text: string) => Uint8Array;
  /** @throws CONFLICT when it was sealed for another secret */
  readonly open: (sealed: Uint8Array) => string;
}

/** How the outcomes of a change are stored. */
export interface OutcomeType<Outcome> {
  write(outcome: Outcome): string;
  /** @throws Error for a text of another type or of an unknown version */
  read(text: string): Outcome;
}

/**
 * One operation of such a request: a root field of a GraphQL mutation, or the whole of a REST request.
 * It makes one change at most.
 */
export interface IdempotencyScope {
  readonly record: IdempotencyRecord;
  /** Stored outcomes of an earlier execution of the request, by the keys of their operations. */
  readonly stored: ReadonlyMap<string, string>;
  /** Keys of this operation; its outcome is stored under each of them. */
  readonly keys: readonly string[];
}

/** The change of an operation. */
export interface IdempotentCall extends Pick<IdempotencyScope, "record" | "keys"> {
  readonly type: OutcomeType<unknown>;
}
