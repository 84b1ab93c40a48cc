const MINUTE_MS = 60_000;

export const minutesBefore = (now: Date, minutes: number): Date =>
  new Date(now.getTime() - minutes * MINUTE_MS);

export const minutesAfter = (now: Date, minutes: number): Date => minutesBefore(now, -minutes);

export const daysBefore = (now: Date, days: number): Date => minutesBefore(now, days * 24 * 60);
