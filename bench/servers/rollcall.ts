import { resolve } from "node:path";
import type { BenchedServer } from "./server.js";

const KEY = "key-of-the-benchmark-0123456789abcdefgh";

const PROGRAM = resolve(__dirname, "..", "..", "src", "main.js");

const withWorkers = (workers: number): Pick<BenchedServer, "command"> => ({
  command: (databaseUrl) => ({
    program: process.execPath,
    // As `npm start` has it.
    args: ["--max-semi-space-size=64", PROGRAM],
    env: {
      // As the image has it, and the peers; without the time in which a production gateway says that it is about to stop.
      NODE_ENV: "production",
      DRAIN_NOTICE_MS: "0",
      DATABASE_URL: databaseUrl,
      ROLLCALL_ADMIN_KEY: KEY,
      ROLLCALL_HOST: "127.0.0.1",
      ROLLCALL_WORKERS: String(workers),
      PORT: "0",
      LOG_LEVEL: "error",
      // Counted all the same; at the default, one client on its own would be told to slow down.
      RATE_LIMIT_PER_CREDENTIAL: "1000000000",
      RATE_LIMIT_PER_ADDRESS: "1000000000",
    },
  }),
});

/** As it is delivered: with authentication, all limits, and its sweeper. */
export const rollcall: BenchedServer = {
  name: "rollcall",
  title:
    "Rollcall, with an API key and all limits at their defaults but the number of requests a minute",
  ...withWorkers(1),
  listening: /GraphQL +(\S+)\/graphql/,
  // GraphQL and jtel look at the first, Omnidesk and Clientexec at the second.
  headers: { authorization: `Bearer ${KEY}`, apikey: KEY },
  request: (workload, values) => workload.request(values),
};

/** The same in two processes behind one port. */
export const rollcallInTwo: BenchedServer = {
  ...rollcall,
  name: "rollcall-2",
  title: "the same with ROLLCALL_WORKERS=2",
  ...withWorkers(2),
};
