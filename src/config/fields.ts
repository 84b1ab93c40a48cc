import { z } from "zod";

export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** Tests for digits first, because z.coerce.number() reads "" as 0. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** A path such as /api/v1, without a slash at the end and without characters that a browser would encode. */
export const basePath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._~-]+)+$/, "must be a path such as /api/v1, without a slash at the end");

/** A comma-separated list. */
export const listOf = (isValid: (entry: string) => boolean, error: string) =>
  z
    .string()
    .transform((list) => list.split(",").map((entry) => entry.trim()))
    .refine((list) => list.every(isValid), error)
    .optional();

/** Spelled as browsers spell it in `Origin`, because origins are compared as strings. */
export const isOrigin = (text: string): boolean =>
  /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** A secret that is sent as a bearer token. */
export const secret = z
  .string()
  .min(32, "must have at least 32 characters")
  .regex(/^[!-~]*$/, "must be ASCII without spaces, as it travels in a header");

export const postgresAddress = z
  .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
  .optional();
