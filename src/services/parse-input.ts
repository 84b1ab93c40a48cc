import type { z } from "zod";
import type { Actor } from "../domain/actor.js";
import { badInput, unauthenticated } from "../errors/domain-error.js";

/**
 * Parses the input of an operation. A caller without a credential gets no validation errors.
 *
 * @throws UNAUTHENTICATED without a credential; BAD_USER_INPUT with every error and its path
 */
export function parseInput<Schema extends z.ZodType>(
  actor: Actor,
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  if (actor.kind === "ANONYMOUS") throw unauthenticated();
  return parse(schema, input);
}

/**
 * The same for a caller that is already authorised, or for an operation without a credential.
 *
 * @throws BAD_USER_INPUT with every error and its path
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw badInput(
    parsed.error.issues.map(({ path, message }) => ({ path: path.join(".") || "input", message })),
  );
}

/** @throws BAD_USER_INPUT for an end that is not after `now` */
export function assertFuture(path: string, end: Date | null | undefined, now: Date): void {
  if (end && end <= now) throw badInput([{ path, message: "must be in the future" }]);
}
