/** One scrape: the value of each series by its name with its labels, as printed. */
export type Scraped = ReadonlyMap<string, number>;

const SAMPLE = /^([a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$/;

/** @throws Error when Prometheus could not parse a line */
export function readMetrics(text: string): Scraped {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const [, series, value] = SAMPLE.exec(line) ?? [];
      // prom-client prints missing values as Nan; Prometheus ignores the case.
      const isNumber = value === "Nan" || !Number.isNaN(Number(value));
      if (series === undefined || !isNumber) throw new Error(`unreadable: ${line}`);
      return [series, Number(value)];
    }),
  );
}

/** The sum of the series with at least these labels; 0 when there are none. */
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
