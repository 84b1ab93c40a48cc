export interface BannerFacts {
  readonly port: number;
  /** Null when the database is not the embedded one. */
  readonly dataDir: string | null;
  readonly demoKey: string | null;
}

/** What `npm start` tells when everything is up: where everything is. */
export function startBanner({ port, dataDir, demoKey }: BannerFacts): string {
  const base = `http://localhost:${port}`;
  const lines: [string, string][] = [
    ["GraphQL", `${base}/graphql`],
    ["Health", `${base}/healthz and ${base}/readyz`],
  ];
  if (dataDir !== null) lines.push(["Data", dataDir]);
  if (demoKey !== null) lines.push(["Demo key", demoKey]);
  return [
    "Rollcall is ready.",
    ...lines.map(([name, value]) => `  ${name.padEnd(9)}${value}`),
  ].join("\n");
}
