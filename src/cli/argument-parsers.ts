import { InvalidArgumentError } from "commander";

/** Argument parsers; invalid values fail before any request. */

export const whole =
  (min: number, max: number) =>
  (argument: string): number => {
    const number = Number(argument);
    if (/^\d+$/.test(argument) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** An ISO 8601 time, or a duration from now: 30m, 8h, 7d. */
export function time(argument: string): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(argument) ?? [];
  if (count !== undefined) {
    const length = Number(count) * milliseconds[unit as keyof typeof milliseconds];
    return new Date(Date.now() + length).toISOString();
  }
  const isTime = /^\d{4}-\d{2}-\d{2}T/.test(argument) && !Number.isNaN(Date.parse(argument));
  if (isTime) return new Date(argument).toISOString();
  throw new InvalidArgumentError(
    "It must be a time such as 2027-01-31T18:00:00Z, or a duration from now: 30m, 8h, 7d.",
  );
}

/** Collects the values of a repeatable option. */
export const collect = (argument: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  argument,
];
