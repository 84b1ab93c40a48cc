import type { PagesConfig } from "../config/limits.js";

export interface BannerFacts {
  /** The address that the gateway listens on. */
  readonly host: string;
  readonly port: number;
  /** Null when the database is not the embedded one. */
  readonly dataDir: string | null;
  readonly demoKey: string | null;
  readonly pages: PagesConfig;
}

/** The text that `npm start` prints when the gateway is ready. */
export function startupBanner({ host, port, dataDir, demoKey, pages }: BannerFacts): string {
  const base = `http://${hostInUrl(host)}:${port}`;
  // Browsers do not send the fragment behind # to a server.
  const key = demoKey === null ? "" : `#key=${demoKey}`;
  const lines: [string, string][] = [["GraphQL", `${base}/graphql`]];
  if (pages.explorer) lines.push(["Explorer", `${base}/graphql${key}`]);
  if (pages.board) lines.push(["Board", `${base}/board${key}`]);
  if (pages.restReference) lines.push(["REST", `${base}/docs${key}`]);
  lines.push(["Health", `${base}/healthz and ${base}/readyz`]);
  if (dataDir !== null) lines.push(["Data", dataDir]);
  if (demoKey !== null) lines.push(["Demo key", demoKey]);
  return [
    "Rollcall is ready. Stop it with Ctrl-C.",
    ...lines.map(([name, value]) => `  ${name.padEnd(9)}${value}`),
  ].join("\n");
}

/** The banner is read on this machine, so an address that includes loopback is printed as localhost. */
function hostInUrl(host: string): string {
  if (["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
