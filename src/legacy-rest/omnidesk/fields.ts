import { z } from "zod";
import { MAX_INT32 } from "../../domain/integer.js";
import { wireInteger } from "../wire.js";

/**
 * The parameters of Omnidesk's pages with their published patterns, anchored as intended. The services
 * contain the rules of the values themselves.
 */

const textMatching = (pattern: RegExp, message: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? "is required" : "must be text") })
    .regex(pattern, message);

/** "Leaving any parameter empty will submit it as such." */
const orEmpty = (pattern: RegExp): RegExp => new RegExp(`^$|${pattern.source}`);
const emptyToNull = (value: string): string | null => (value === "" ? null : value);

/** A form decodes a plus sign that was not encoded as a space; the page's own example does not encode it. */
const withPlus = (value: string): string => value.replace(/^ /, "+");

const NAME_PART = /^[a-zA-ZÀ-ÖØ-Þß-öø-ÿ\- ]+$/;
const NAME_PART_MESSAGE = "may hold letters, spaces and hyphens only";
const LOGIN = /^[a-zA-Z0-9.-]+$/;
const LOGIN_MESSAGE = "may hold letters, digits, dots and hyphens only";

export const namePart = textMatching(NAME_PART, NAME_PART_MESSAGE);
export const namePartOrEmpty = textMatching(orEmpty(NAME_PART), NAME_PART_MESSAGE).transform(
  emptyToNull,
);

export const username = textMatching(LOGIN, LOGIN_MESSAGE);
export const loginName = username.min(2, "must have at least 2 characters");

/** The service validates the address. */
export const email = textMatching(/./, "is required");
export const emailOrEmpty = z.string("must be text").transform(emptyToNull);

export const newTelephone = textMatching(/^[+ ][0-9]{11}$/, "must be + and 11 digits").transform(
  withPlus,
);
export const telephoneOrEmpty = textMatching(/^$|^[+ ][0-9]+$/, "must be + and digits").transform(
  (value) => emptyToNull(withPlus(value)),
);

export const language = z.enum(["en", "nl"], "must be en or nl");
export const dateFormat = textMatching(
  /^([a-z]{2}_[A-Z]{2}|iso)$/,
  "must be a locale such as en_GB, or iso",
);

const GROUP = "must be the number of a group";
const groupNumber = z
  .union([z.int().min(1, GROUP), z.string().regex(/^[1-9]\d{0,9}$/, GROUP)], GROUP)
  .transform(Number);

const GROUPS = "must be a list of group numbers such as [1]";
const GROUPS_TEXT = /^(\[ *\]|\[ *[1-9]\d{0,9}( *, *[1-9]\d{0,9})* *\]|([1-9]\d{0,9})?)$/;

/** A JSON list, a repeated field, or the list as text: [1], [1, 2], 1, empty. */
export const groups = z
  .union([z.array(groupNumber), z.string().regex(GROUPS_TEXT, GROUPS)], GROUPS)
  .transform((value) =>
    typeof value === "string" ? (value.match(/\d+/g) ?? []).map(Number) : value,
  );

const USER = "must be the number of a user, or UID";

/** `UID` is the page's placeholder for the user of the key. */
const userNumber = z.union(
  [z.int().min(1, USER), z.string().regex(/^(UID|[1-9]\d{0,9})$/, USER)],
  USER,
);

/** The user of a call: the pages say `userID`, and `id` where they change one name. */
export const userRef = { userID: userNumber.optional(), id: userNumber.optional() };

export const userOrEmail = { ...userRef, userEmailAddress: z.string("must be text").optional() };

const KPI_OPTION = textMatching(/^[0-9a-zA-Z]*$/, "may hold letters and digits only").optional();

/** The first option has one name when a statistic is added, and another when it is removed or watched. */
export const statistic = {
  ...userRef,
  statistic: textMatching(/^[a-zA-Z_]+$/, "may hold letters and _ only"),
  statisticOption: KPI_OPTION,
  statisticPrimaryOption: KPI_OPTION,
  statisticSecondaryOption: KPI_OPTION,
};

export const campaign = textMatching(/^[a-zA-Z0-9_-]+$/, "may hold letters, digits, _ and - only");

export const tabId = textMatching(/^[a-zA-Z0-9_]+$/, "may hold letters, digits and _ only");

export const statusNumber = wireInteger.pipe(
  z.int().min(1, "must be the number of a status").max(MAX_INT32, "is no status"),
);

export const viewNumber = wireInteger.pipe(z.int().min(1, "must be the number of a view"));

/** Milliseconds since 1970 by the client's clock; 0: no check. */
export const browserTime = wireInteger
  .pipe(z.int().min(0, "must not be negative"))
  .prefault(0)
  .transform((milliseconds) => (milliseconds === 0 ? null : new Date(milliseconds)));

/**
 * A username, a telephone number or an e-mail address. Dots and hyphens are not in the published pattern, but
 * in the usernames that the same page allows.
 */
export const userQuery = z
  .string("must be text")
  .regex(
    /^([0-9a-zA-Z .+-]*|[A-Za-z0-9._+\-']+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})$/,
    "must be a username, a telephone number or an e-mail address",
  )
  .default("");

export const viewQuery = z
  .string("must be text")
  .regex(/^[0-9a-zA-Z _-]*$/, "may hold letters, digits, spaces, - and _ only")
  .default("");

const DEFAULT_LIMIT = 15;
const MAX_START = 10_000_000;

export const paging = (maxLimit: number) => ({
  itemStart: wireInteger
    .pipe(z.int().min(0, "must not be negative").max(MAX_START, `must be at most ${MAX_START}`))
    .prefault(0),
  itemLimit: wireInteger
    .pipe(z.int().min(0, "must not be negative").max(maxLimit, `must be at most ${maxLimit}`))
    .prefault(DEFAULT_LIMIT),
});
