import type { Config } from "../../src/config/schema.js";

/** The expectations of one environment variable. */
export interface Variable {
  /** The variables that it requires. */
  readonly needs?: NodeJS.ProcessEnv;
  readonly read: (config: Config) => unknown;
  readonly byDefault: unknown;
  /** Valid texts with their parsed values. */
  readonly good: readonly (readonly [string, unknown])[];
  readonly bad: readonly string[];
}

export const noNumbers = ["x", "1e3", "1.5", "-1", " 1", "1 ", "0x10", "1,000", "NaN", "٣"];

export const whole = (
  read: Variable["read"],
  byDefault: number,
  [min, max]: readonly [number, number],
): Variable => ({
  read,
  byDefault,
  good: [min, max].map((value) => [String(value), value]),
  bad: [...noNumbers, String(max + 1), ...(min > 0 ? [String(min - 1), "0"] : [])],
});

export const flag = (
  read: Variable["read"],
  byDefault: unknown,
  whenOff: unknown = false,
): Variable => ({
  read,
  byDefault,
  good: [
    ["true", byDefault || true],
    ["false", whenOff],
  ],
  bad: ["TRUE", "1", "0", "yes", "on", "no"],
});

export const path = (read: Variable["read"], byDefault: string): Variable => ({
  read,
  byDefault,
  good: ["/a", "/old/v1.0/~x_y-z"].map((text) => [text, text]),
  bad: ["/", "api", "/api/", "//api", "/api//v1", "/api v1", "/api?x", "/api#x", "/%61pi", "/ä"],
});

export const words = <Word extends string>(
  read: Variable["read"],
  byDefault: Word,
  all: readonly Word[],
): Variable => ({
  read,
  byDefault,
  good: all.map((word) => [word, word]),
  bad: ["nonsense", byDefault.toUpperCase(), ` ${byDefault}`],
});

export const postgresAddress = (read: Variable["read"]): Variable => ({
  read,
  byDefault: undefined,
  good: ["postgres://me:secret@db:5432/rollcall", "postgresql://db/rollcall?sslmode=require"].map(
    (url) => [url, url],
  ),
  bad: ["db:5432", "mysql://db/rollcall", "http://db/rollcall", "rollcall", "postgres"],
});

export const text = (
  read: Variable["read"],
  byDefault: string | undefined,
  values: string[],
): Variable => ({
  read,
  byDefault,
  good: values.map((value) => [value, value]),
  bad: [],
});
