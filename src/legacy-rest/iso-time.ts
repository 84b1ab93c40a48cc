const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => String(i).padStart(digits, "0"));
const TWO = padded(60, 2);
const THREE = padded(1000, 3);

/** The result of `toISOString`, in less than half of the time: long lists contain hundreds of thousands of times. */
export function toIsoTime(time: Date): string {
  const year = time.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) return time.toISOString();
  const date = `${year}-${TWO[time.getUTCMonth() + 1]}-${TWO[time.getUTCDate()]}`;
  const minute = `${TWO[time.getUTCHours()]}:${TWO[time.getUTCMinutes()]}`;
  return `${date}T${minute}:${TWO[time.getUTCSeconds()]}.${THREE[time.getUTCMilliseconds()]}Z`;
}
