import { z } from "zod";

export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** z.coerce.number() reads "" as 0, so digits are asked for first. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** A path such as /api/v1: no slash at the end, nothing that a browser would change. */
export const basePath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._~-]+)+$/, "must be a path such as /api/v1, without a slash at the end");

/** Several, with commas between them. */
export const listOf = (isOne: (entry: string) => boolean, fault: string) =>
  z
    .string()
    .transform((list) => list.split(",").map((entry) => entry.trim()))
    .refine((list) => list.every(isOne), fault)
    .optional();

/** As browsers spell it in `Origin`, or they would never be found equal. */
export const isOrigin = (text: string): boolean =>
  /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** What travels as a bearer. */
export const secret = z
  .string()
  .min(32, "must have at least 32 characters")
  .regex(/^[!-~]*$/, "must be ASCII without spaces, as it travels in a header");

export const postgresAddress = z
  .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
  .optional();
