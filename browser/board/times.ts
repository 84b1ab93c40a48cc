const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The time of day, with the date unless it is today. */
export function clockTime(instant: string): string {
  const date = new Date(instant);
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? TIME : DAY_AND_TIME).format(date);
}

/** A short duration: "now", "12 min", "3 h 05", "4 d". */
export function timeSince(instant: string): string {
  const passed = Math.max(0, Date.now() - Date.parse(instant));
  if (passed < MINUTE) return "now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed >= DAY) return `${Math.floor(passed / DAY)} d`;
  const minutes = String(Math.floor((passed % HOUR) / MINUTE)).padStart(2, "0");
  return `${Math.floor(passed / HOUR)} h ${minutes}`;
}

/** The time in so many minutes; undefined for no end. */
export const inMinutes = (minutes: number): string | undefined =>
  minutes > 0 ? new Date(Date.now() + minutes * MINUTE).toISOString() : undefined;
