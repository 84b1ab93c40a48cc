import { circumstances } from "./circumstances.js";
import type { BenchData } from "./data.js";
import type { Flatness } from "./flatness.js";
import { paragraph, table } from "./markdown.js";
import type { BenchOptions } from "./options.js";
import { peerVersions } from "./peer-libraries.js";
import type { Result } from "./race.js";
import type { Turn } from "./measure.js";
import { isPeer } from "./servers/index.js";
import { rollcall, rollcallInTwo } from "./servers/rollcall.js";
import { cpu, median, p99, ratios, requestsPerSecond, short, withSpread } from "./statistics.js";
import type { Workload } from "./workloads/workload.js";

const RATIOS = "Ratios are medians over the rounds, with the least and the most.";

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
      `${options.users} users. All servers gave the same answers, and wrote the same, before they were measured. ${RATIOS}`,
    ),
    paragraph(circumstances(data, options)),
    paragraph(servers.map(({ name, title }) => `- **${name}**: ${title}`).join("\n")),
    ...(servers.some(isPeer) ? [paragraph(versions())] : []),
    paragraph("## Rollcall's requests per second in relation to those of the others"),
    summary(workloads.map(of), requestsPerSecond),
    paragraph("## Rollcall's processor time per request in relation to that of the others"),
    paragraph("That of the server and of Postgres together; less is better."),
    summary(workloads.map(of), cpu),
    ...(servers.includes(rollcallInTwo) ? secondProcess(workloads.map(of)) : []),
    ...workloads.flatMap((workload) => [
      paragraph(`## ${workload.name}: ${workload.title}`),
      paragraph(`${workload.connections} connections.`),
      figures(of(workload)),
    ]),
  ].join("\n");
}

/** Little where the machine's processors are busy already: with one process, Postgres and the load. */
function secondProcess(groups: readonly (readonly Result[])[]): readonly string[] {
  const rows = groups.flatMap((results) => {
    const [one, two] = [rollcall, rollcallInTwo].map((wanted) =>
      results.find(({ server }) => server === wanted),
    );
    if (!one || !two) return [];
    const busy = ({ turns }: Result) => short(median(turns.map(processors)));
    const gain = withSpread(ratios(two.turns, one.turns, requestsPerSecond));
    return [[one.workload.name, gain, busy(one), busy(two)]];
  });
  return [
    paragraph("## What a second process brings"),
    paragraph(
      "Requests per second with ROLLCALL_WORKERS=2 in relation to those with one process; and how many processors the server, Postgres and the load took together, which share those of the machine.",
    ),
    table(["", "rollcall-2 ÷ rollcall", "processors, one", "processors, two"], rows),
  ];
}

const processors = (turn: Turn): number =>
  ((turn.serverCpu + turn.postgresCpu + turn.loadCpu) * turn.requestsPerSecond) / 1_000_000;

const versions = (): string =>
  Object.entries(peerVersions())
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");

/** One line for each workload. */
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
      return other ? withSpread(ratios(own.turns, other.turns, of)) : "";
    });
    return [[own.workload.name, ...cells]];
  });
  return table(["", ...others.map((name) => `÷ ${name}`)], rows);
}

/** One line for each server. */
function figures(results: readonly Result[]): string {
  const base = results.find(({ server }) => server.name === "floor")?.turns;
  const columns = ["", "requests/s", "p50 ms", "p99 ms", "p99 ÷ floor", "refused"];
  const costs = [
    "CPU of the server, µs",
    "CPU of Postgres, µs",
    "CPU ÷ floor",
    "CPU of the load, µs",
  ];
  const rows = results.map(({ server, turns }) => {
    const middle = (of: Parameters<typeof ratios>[2]) => short(median(turns.map(of)));
    const relative = (of: Parameters<typeof ratios>[2]) =>
      base ? withSpread(ratios(turns, base, of)) : "";
    return [
      server.name,
      withSpread(turns.map(requestsPerSecond)),
      middle((turn) => turn.p50),
      middle(p99),
      relative(p99),
      String(turns.reduce((sum, { failures }) => sum + failures, 0)),
      middle((turn) => turn.serverCpu),
      middle((turn) => turn.postgresCpu),
      relative(cpu),
      middle((turn) => turn.loadCpu),
    ];
  });
  return table([...columns, ...costs], rows);
}

export function flatnessReport(
  results: readonly Flatness[],
  data: BenchData,
  options: BenchOptions,
): string {
  const columns = ["users", "p50 ms", "CPU of Rollcall, µs", "CPU of Postgres, µs"];
  return [
    paragraph("# Rollcall at several numbers of users"),
    paragraph(`What must not grow with the number of users. ${RATIOS}`),
    paragraph(circumstances(data, options)),
    ...results.flatMap(({ workload, sizes }) => [
      paragraph(`## ${workload.name}: ${workload.title}`),
      table(
        [...columns, "CPU ÷ the fewest's", "p50 ÷ the fewest's"],
        sizes.map(({ users, turns }) => {
          const least = sizes[0]?.turns ?? turns;
          return [
            String(users),
            short(median(turns.map((turn) => turn.p50))),
            short(median(turns.map((turn) => turn.serverCpu))),
            short(median(turns.map((turn) => turn.postgresCpu))),
            withSpread(ratios(turns, least, cpu)),
            withSpread(ratios(turns, least, (turn) => turn.p50)),
          ];
        }),
      ),
    ]),
  ].join("\n");
}
