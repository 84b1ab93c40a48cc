/** What was looked at, how it is, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "fault";
  readonly words: string;
  /** Absent where nothing needs to be done. */
  readonly advice?: string;
}

export const ok = (check: string, words: string): Finding => ({ check, state: "ok", words });

export const warning = (check: string, words: string, advice: string): Finding => ({
  check,
  state: "warning",
  words,
  advice,
});

export const fault = (check: string, words: string, advice: string): Finding => ({
  check,
  state: "fault",
  words,
  advice,
});
