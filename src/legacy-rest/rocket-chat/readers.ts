import { z } from "zod";
import { wireText } from "../wire.js";

/** Parsers for Rocket.Chat's request format. Their messages are the original's texts. */

/** A POST may have either type, as in the original. */
export const bodyTypes = ["application/json", "application/x-www-form-urlencoded"];

/** A parameter of the query string. Empty counts as absent. */
export const optionalText = wireText
  .transform((text) => (text.trim() === "" ? undefined : text))
  .optional();

/** A property of a body; null counts as absent. */
export const optionalProperty = z
  .string("must be string")
  .nullish()
  .transform((text) => (text?.trim() ? text : undefined));

export const optionalFlag = optionalText
  .pipe(z.enum(["true", "false", "1", "0"], "must be true or false").optional())
  .transform((text) => text && (text === "true" || text === "1"));

const MAX_COUNT = 100;
const DEFAULT_COUNT = 50;

const wholeNumber = wireText
  .refine((text) => /^\d{0,7}$/.test(text), "must be a number from 0 to 9999999")
  .transform((text) => (text === "" ? undefined : Number(text)))
  .optional();

/** A page that is too large is cut silently; a page of 0 means all. */
export const paging = {
  offset: wholeNumber
    .transform((offset) => offset ?? 0)
    .meta({ description: "The number of users to skip.", examples: ["0"] }),
  count: wholeNumber
    .transform((count) => Math.min(count ?? DEFAULT_COUNT, MAX_COUNT))
    .meta({
      description: "The maximum number of users: 50 by default, at most 100; 0 for all.",
      examples: ["50"],
    }),
};
export interface Paging {
  readonly offset: number;
  readonly count: number;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A parameter that contains JSON. */
export const optionalJson = <Schema extends z.ZodType>(
  name: "sort" | "fields" | "query",
  schema: Schema,
) =>
  optionalText.transform((text, context): z.output<Schema> | undefined => {
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue(`Invalid ${name} parameter provided: "${text}" [error-invalid-${name}]`);
    return z.NEVER;
  });

export const sort = optionalJson("sort", z.record(z.string(), z.literal([1, -1]))).meta({
  description: "JSON text: a field, and 1 for ascending or -1 for descending.",
  examples: ['{"name":1}'],
});
export type Sort = z.output<typeof sort>;

export const fields = optionalJson("fields", z.record(z.string(), z.literal([0, 1]))).meta({
  description: "JSON text: the properties of a user to include (1) or to exclude (0).",
  examples: ['{"username":1}'],
});
export type Fields = NonNullable<z.output<typeof fields>>;

const ISO_TIME =
  /^\d{4}-\d\d-\d\d(?<time>T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$/;

/** Null for anything but an ISO 8601 time. Without a zone it is in UTC. */
function fromIsoTime(text: string): Date | null {
  const parts = ISO_TIME.exec(text)?.groups;
  if (!parts) return null;
  const time = new Date(parts.time !== undefined && parts.zone === undefined ? `${text}Z` : text);
  return Number.isNaN(time.getTime()) ? null : time;
}

/**
 * Creates a parser for times.
 *
 * @param message for anything else
 */
export const toTime =
  (message: string) =>
  (text: string | undefined, context: z.RefinementCtx): Date | undefined => {
    const time = text === undefined ? undefined : fromIsoTime(text);
    if (time === null) context.addIssue(message);
    return time ?? undefined;
  };
