/** The page's example has a whole form in double quotes. No form starts with one otherwise. */
export function withoutQuotes(text: string, mediaType: string): string {
  if (mediaType !== "application/x-www-form-urlencoded") return text;
  return /^\s*"(.*)"\s*$/s.exec(text)?.[1] ?? text;
}

/** The same example has its values in single quotes. */
export const withoutValueQuotes = (value: string): string =>
  /^'(.*)'$/s.exec(value)?.[1] ?? /^"(.*)"$/s.exec(value)?.[1] ?? value;
