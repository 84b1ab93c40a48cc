import type { z } from "zod";
import { badInput } from "../errors/domain-error.js";

/** @throws BAD_USER_INPUT with every fault and its field */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw badInput(
    parsed.error.issues.map(({ path, message }) => ({ path: path.join(".") || "input", message })),
  );
}
