/** The page prints a whole form in double quotes; nothing in a form begins with one otherwise. */
export function withoutQuotes(text: string, mediaType: string): string {
  if (mediaType !== "application/x-www-form-urlencoded") return text;
  return /^\s*"(.*)"\s*$/s.exec(text)?.[1] ?? text;
}

/** And the values in single ones. */
export const withoutValueQuotes = (value: string): string =>
  /^'(.*)'$/s.exec(value)?.[1] ?? /^"(.*)"$/s.exec(value)?.[1] ?? value;
