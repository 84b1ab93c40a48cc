import { z } from "zod";

/**
 * Readers for what old clients send: forms and queries carry numbers and flags as text.
 * Not z.coerce: it reads "" and null as 0, which would set a status nobody chose.
 */
const WHOLE = "must be a whole number";
export const wireInteger = z
  .union([z.int(), z.string().regex(/^-?\d{1,15}$/, WHOLE)], WHOLE)
  .transform(Number);

export const wireBoolean = z
  .union([z.boolean(), z.literal([0, 1, "0", "1", "true", "false"])], "must be 1, 0, true or false")
  .transform((value) => value === true || value === 1 || value === "1" || value === "true");

/** Ids that are numbers in one place and text in another. */
const ID = "must be an id";
export const wireId = z.union([z.int(), z.string().min(1, ID).max(100, ID)], ID).transform(String);

/** A parameter of a query as it comes in. Clients send it once; OpenAPI says so. */
export const wireParameter = z.union([z.string(), z.array(z.string()).nonempty()], "must be text");

/** Of a parameter that is given several times, the last one counts. */
export const wireText = wireParameter.transform((value) =>
  typeof value === "string" ? value : (value.at(-1) ?? ""),
);
