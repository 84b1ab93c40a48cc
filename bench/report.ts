import { circumstances } from "./circumstances.js";
import type { BenchData } from "./data.js";
import type { Flatness } from "./flatness.js";
import { paragraph, table } from "./markdown.js";
import type { BenchOptions } from "./options.js";
import { peerVersions } from "./peer-libraries.js";
import type { Result } from "./race.js";
import type { Measurement } from "./measure.js";
import { isPeer } from "./servers/index.js";
import { rollcall, rollcallInTwo } from "./servers/rollcall.js";
import { cpu, median, p99, ratios, requestsPerSecond, short, withSpread } from "./statistics.js";
import type { Workload } from "./workloads/workload.js";

const RATIOS = "Ratios are medians over the rounds, with minimum and maximum.";

export function raceReport(
  results: readonly Result[],
  data: BenchData,
  options: BenchOptions,
): string {
  const servers = [...new Set(results.map(({ server }) => server))];
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  const of = (workload: Workload) => results.filter((result) => result.workload === workload);
  return [
    paragraph("# Rollcall and others"),
    paragraph(
      `${options.users} users. Before the measurement, all servers returned the same responses and wrote the same rows. ${RATIOS}`,
    ),
    paragraph(circumstances(data, options)),
    paragraph(servers.map(({ name, title }) => `- **${name}**: ${title}`).join("\n")),
    ...(servers.some(isPeer) ? [paragraph(versions())] : []),
    paragraph("## Requests per second: Rollcall ÷ the others"),
    summary(workloads.map(of), requestsPerSecond),
    paragraph("## Processor time per request: Rollcall ÷ the others"),
    paragraph("Server and Postgres together; less is better."),
    summary(workloads.map(of), cpu),
    ...(servers.includes(rollcallInTwo) ? secondProcess(workloads.map(of)) : []),
    ...workloads.flatMap((workload) => [
      paragraph(`## ${workload.name}: ${workload.title}`),
      paragraph(`${workload.connections} connections.`),
      figures(of(workload)),
    ]),
  ].join("\n");
}

/** The gain is small where one process, Postgres and the load driver keep the machine's processors busy. */
function secondProcess(groups: readonly (readonly Result[])[]): readonly string[] {
  const rows = groups.flatMap((results) => {
    const [one, two] = [rollcall, rollcallInTwo].map((wanted) =>
      results.find(({ server }) => server === wanted),
    );
    if (!one || !two) return [];
    const busy = ({ measurements }: Result) => short(median(measurements.map(processors)));
    const gain = withSpread(ratios(two.measurements, one.measurements, requestsPerSecond));
    return [[one.workload.name, gain, busy(one), busy(two)]];
  });
  return [
    paragraph("## Two processes"),
    paragraph(
      "Requests per second with ROLLCALL_WORKERS=2 ÷ those with one process; and the processors that server, Postgres and load driver used together, on the same machine.",
    ),
    table(["", "rollcall-2 ÷ rollcall", "processors, one", "processors, two"], rows),
  ];
}

const processors = (one: Measurement): number =>
  ((one.serverCpu + one.postgresCpu + one.loadCpu) * one.requestsPerSecond) / 1_000_000;

const versions = (): string =>
  Object.entries(peerVersions())
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");

/** One row per workload. */
function summary(groups: readonly (readonly Result[])[], of: Parameters<typeof ratios>[2]): string {
  const isOwn = ({ server }: Result) => server === rollcall;
  const others = [
    ...new Set(
      groups
        .flat()
        .flatMap(({ server }) =>
          server === rollcall || server === rollcallInTwo ? [] : server.name,
        ),
    ),
  ];
  const rows = groups.flatMap((results) => {
    const own = results.find(isOwn);
    if (!own) return [];
    const cells = others.map((name) => {
      const other = results.find(({ server }) => server.name === name);
      return other ? withSpread(ratios(own.measurements, other.measurements, of)) : "";
    });
    return [[own.workload.name, ...cells]];
  });
  return table(["", ...others.map((name) => `÷ ${name}`)], rows);
}

/** One row per server. */
function figures(results: readonly Result[]): string {
  const base = results.find(({ server }) => server.name === "floor")?.measurements;
  const columns = ["", "requests/s", "p50 ms", "p99 ms", "p99 ÷ floor", "refused"];
  const costs = [
    "CPU of the server, µs",
    "CPU of Postgres, µs",
    "CPU ÷ floor",
    "CPU of the load, µs",
    "processors of others",
  ];
  const rows = results.map(({ server, measurements }) => {
    const middle = (of: Parameters<typeof ratios>[2]) => short(median(measurements.map(of)));
    const relative = (of: Parameters<typeof ratios>[2]) =>
      base ? withSpread(ratios(measurements, base, of)) : "";
    return [
      server.name,
      withSpread(measurements.map(requestsPerSecond)),
      middle((one) => one.p50),
      middle(p99),
      relative(p99),
      String(measurements.reduce((sum, { failures }) => sum + failures, 0)),
      middle((one) => one.serverCpu),
      middle((one) => one.postgresCpu),
      relative(cpu),
      middle((one) => one.loadCpu),
      withSpread(measurements.map(({ othersBusy }) => othersBusy)),
    ];
  });
  return table([...columns, ...costs], rows);
}

export function flatnessReport(
  results: readonly Flatness[],
  data: BenchData,
  options: BenchOptions,
): string {
  const columns = [
    "users",
    "p50 ms",
    "CPU of Rollcall, µs",
    "CPU of Postgres, µs",
    "CPU ÷ the fewest's",
    "p50 ÷ the fewest's",
    "processors of others",
  ];
  return [
    paragraph("# Rollcall at several numbers of users"),
    paragraph(`Costs that must not grow with the number of users. ${RATIOS}`),
    paragraph(circumstances(data, options)),
    ...results.flatMap(({ workload, sizes }) => [
      paragraph(`## ${workload.name}: ${workload.title}`),
      table(
        columns,
        sizes.map(({ users, measurements }) => {
          const least = sizes[0]?.measurements ?? measurements;
          return [
            String(users),
            short(median(measurements.map((one) => one.p50))),
            short(median(measurements.map((one) => one.serverCpu))),
            short(median(measurements.map((one) => one.postgresCpu))),
            withSpread(ratios(measurements, least, cpu)),
            withSpread(ratios(measurements, least, (one) => one.p50)),
            withSpread(measurements.map(({ othersBusy }) => othersBusy)),
          ];
        }),
      ),
    ]),
  ].join("\n");
}
