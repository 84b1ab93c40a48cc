/**
 * For every method: PHP parses multipart bodies of POST only, which is why the pages use forms for the
 * others.
 */
export const BODY_TYPES = [
  "multipart/form-data",
  "application/x-www-form-urlencoded",
  "application/json",
] as const;
