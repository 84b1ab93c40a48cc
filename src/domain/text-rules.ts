import { z } from "zod";
import { MAX_INT32 } from "./integer.js";

/** Rules of single values, the same for every API. A rule of one legacy system belongs to its dialect. */

/** C0 and C1 controls; Postgres refuses U+0000 in any text. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/** UTF-8 cannot encode one, and Postgres refuses it in JSON. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const withoutControls = (text: z.ZodString) =>
  text
    .refine((value) => !CONTROL_CHARACTERS.test(value), "must not contain control characters")
    .refine((value) => !LONE_SURROGATE.test(value), "must not contain unpaired surrogates");

/** A first or last name. */
export const namePart = withoutControls(z.string().trim().min(1).max(100));

export const label = withoutControls(z.string().trim().min(1).max(100));

export const freeText = withoutControls(z.string().trim().min(1).max(500));

export const username = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z0-9._@+-]+$/, "may contain only letters, digits and . _ @ + -");

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
  .regex(/^[a-zA-Z0-9_-]+$/, "may contain only letters, digits, _ and -");

/** Argon2 accepts any length; the limit keeps requests from wasting processor time. */
export const password = z.string().min(10).max(200);

export const color = z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #2e7d32");

export const kpiName = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z_]+$/, "may contain only letters and _");

export const kpiOption = z
  .string()
  .max(100)
  .regex(/^[0-9a-zA-Z]*$/, "may contain only letters and digits");

export const tabId = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9_]+$/, "may contain only letters, digits and _");

/** A row id, or a number of a legacy system. */
export const int32 = z.int().min(1).max(MAX_INT32);
