import { resolve } from "node:path";
import type { BenchedServer } from "./server.js";

export const floor: BenchedServer = {
  name: "floor",
  title:
    "node:http and pg, written by hand for these requests alone, without authentication or limits",
  command: (databaseUrl) => ({
    program: process.execPath,
    args: [resolve(__dirname, "..", "floor", "main.js")],
    env: { DATABASE_URL: databaseUrl },
  }),
  listening: /listening (\S+)/,
  headers: {},
  request: (workload, values) => workload.request(values),
};
