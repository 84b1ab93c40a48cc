import { basename, resolve } from "node:path";
import type { Device } from "../without.js";
import type { BenchedServer } from "./server.js";

const KEY = "key-of-the-benchmark-0123456789abcdefgh";

/** This file runs from dist/bench/servers. */
const DIST = resolve(__dirname, "..", "..");

interface Start {
  readonly dist?: string;
  readonly program?: string;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const command =
  ({ dist = DIST, program = "src/main.js", workers = 1, env = {} }: Start) =>
  (databaseUrl: string) => ({
    program: process.execPath,
    // As in `npm start`.
    args: ["--max-semi-space-size=64", resolve(dist, program)],
    env: {
      // As in the image, and for the peers; without the delay before a production gateway stops.
      NODE_ENV: "production",
      DRAIN_NOTICE_MS: "0",
      DATABASE_URL: databaseUrl,
      ROLLCALL_ADMIN_KEY: KEY,
      ROLLCALL_HOST: "127.0.0.1",
      ROLLCALL_WORKERS: String(workers),
      PORT: "0",
      LOG_LEVEL: "error",
      // Still counted; the defaults would limit a single client.
      RATE_LIMIT_PER_CREDENTIAL: "1000000000",
      RATE_LIMIT_PER_ADDRESS: "1000000000",
      ...env,
    },
  });

/** As released: with authentication, all limits and its background jobs. */
export const rollcall: BenchedServer = {
  name: "rollcall",
  title:
    "Rollcall, with an API key and all limits at their defaults except the number of requests per minute",
  command: command({}),
  listening: /GraphQL +(\S+)\/graphql/,
  // GraphQL and jtel read the first, Omnidesk and Clientexec the second.
  headers: { authorization: `Bearer ${KEY}`, apikey: KEY },
  request: (workload, values) => workload.request(values),
};

/** The same in two processes behind one port. */
export const rollcallInTwo: BenchedServer = {
  ...rollcall,
  name: "rollcall-2",
  title: "the same with ROLLCALL_WORKERS=2",
  command: command({ workers: 2 }),
};

/** Without one of its optimisations. */
export const rollcallWithout = (device: Device): BenchedServer => ({
  ...rollcall,
  name: `no-${device}`,
  title: `the same without ${device}`,
  command: command({ program: "bench/without.js", env: { BENCH_WITHOUT: device } }),
});

/** Another checkout that is built, such as that of an earlier commit. */
export const rollcallOf = (directory: string): BenchedServer => {
  const name = basename(resolve(directory));
  return {
    ...rollcall,
    name: `rollcall-${name}`,
    title: `the build of the checkout "${name}"`,
    command: command({ dist: resolve(directory, "dist") }),
  };
};
