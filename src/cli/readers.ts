import { InvalidArgumentError } from "commander";

/** How the words of the command line become values; what is none is refused before anything is asked. */

export const whole =
  (min: number, max: number) =>
  (word: string): number => {
    const number = Number(word);
    if (/^\d+$/.test(word) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as ISO 8601 has it, or how long from now: 30m, 8h, 7d. */
export function time(word: string): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(word) ?? [];
  if (count !== undefined) {
    const length = Number(count) * milliseconds[unit as keyof typeof milliseconds];
    return new Date(Date.now() + length).toISOString();
  }
  const isTime = /^\d{4}-\d{2}-\d{2}T/.test(word) && !Number.isNaN(Date.parse(word));
  if (isTime) return new Date(word).toISOString();
  throw new InvalidArgumentError(
    "It must be a time such as 2027-01-31T18:00:00Z, or how long from now: 30m, 8h, 7d.",
  );
}

/** For options that may come several times. */
export const collect = (word: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  word,
];
