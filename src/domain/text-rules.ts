import { z } from "zod";

/**
 * What is true of the thing itself, whichever door it comes through.
 * A rule that is only true in one old system stands in that dialect.
 */

/** C0 and C1 controls have no place in a name, and Postgres refuses U+0000 altogether. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/** Half of a character: UTF-8 cannot write it, and Postgres refuses it in JSON. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const withoutControls = (text: z.ZodString) =>
  text
    .refine((value) => !CONTROL_CHARACTERS.test(value), "must not hold control characters")
    .refine((value) => !LONE_SURROGATE.test(value), "must not hold half characters");

export const personName = withoutControls(z.string().trim().min(1).max(100));

export const label = withoutControls(z.string().trim().min(1).max(100));

export const freeText = withoutControls(z.string().trim().min(1).max(500));

export const username = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z0-9._@+-]+$/, "may hold letters, digits and . _ @ + - only");

export const email = z.email("is not an e-mail address").max(254);

/** ITU-T E.164: a plus sign, then at most fifteen digits, the first of them not zero. */
export const telephone = z
  .string()
  .regex(/^\+[1-9][0-9]{1,14}$/, "must be an E.164 number such as +31201234567");

/** An ISO 639 code with an optional region, as browsers send it. */
export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, "must be a language code such as en or pt-BR");

export const dateFormat = z
  .string()
  .regex(/^([a-z]{2}_[A-Z]{2}|iso)$/, "must be a locale such as en_GB, or iso");

export const campaignName = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9_-]+$/, "may hold letters, digits, _ and - only");

/** Argon2 hashes any length; the bound keeps a hash from becoming a way to burn CPU. */
export const password = z.string().min(10).max(200);

export const color = z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #2e7d32");

export const kpiName = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z_]+$/, "may hold letters and _ only");

export const kpiOption = z
  .string()
  .max(100)
  .regex(/^[0-9a-zA-Z]*$/, "may hold letters and digits only");

export const tabId = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9_]+$/, "may hold letters, digits and _ only");

/** A row id of ours, or of an old system that counts. */
export const int32 = z.int().min(1).max(2_147_483_647);
