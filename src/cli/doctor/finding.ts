/** The result of one check. Printed by `--json`, so the names of its properties stay. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "fault";
  readonly words: string;
  /** The remedy. Absent when nothing needs to be done. */
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
