/** What one scrape said: the value of each series, under its name with its labels as they are spelled. */
export type Scraped = ReadonlyMap<string, number>;

const SAMPLE = /^([a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$/;

/** @throws when a line is none that Prometheus could read */
export function readMetrics(text: string): Scraped {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const [, series, value] = SAMPLE.exec(line) ?? [];
      // So prom-client spells what has no value yet, which Prometheus reads in any case.
      const isNumber = value === "Nan" || !Number.isNaN(Number(value));
      if (series === undefined || !isNumber) throw new Error(`unreadable: ${line}`);
      return [series, Number(value)];
    }),
  );
}

/** The value of a series, or of all those together that have these labels among others; 0 when there are none. */
export function valueOf(
  scraped: Scraped,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum = 0;
  for (const [series, value] of scraped) {
    const [of, rest = ""] = series.split(/[{}]/);
    if (of === name && wanted.every((label) => rest.split(",").includes(label))) sum += value;
  }
  return sum;
}
