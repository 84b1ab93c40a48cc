/** Whatever the method: PHP reads multipart on POST only, which is why the pages print forms elsewhere. */
export const BODY_TYPES = [
  "multipart/form-data",
  "application/x-www-form-urlencoded",
  "application/json",
] as const;
