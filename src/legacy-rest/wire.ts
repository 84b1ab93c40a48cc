import { z } from "zod";

/**
 * Parsers for the requests of legacy clients: forms and query strings contain numbers and flags as text. Not
 * z.coerce, which reads "" and null as 0 and would set a status that the client did not send.
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

/** A parameter of a query string. Clients send it once, as OpenAPI describes it. */
export const wireParameter = z.union([z.string(), z.array(z.string()).nonempty()], "must be text");

/** Of a repeated parameter, the last value counts. */
export const wireText = wireParameter.transform((value) =>
  typeof value === "string" ? value : (value.at(-1) ?? ""),
);
