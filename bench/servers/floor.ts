import { resolve } from "node:path";
import type { BenchedServer } from "./server.js";

export const floor: BenchedServer = {
  name: "floor",
  title:
    "node:http and pg, written by hand for these requests only, one statement per request, without authentication or limits",
  command: (databaseUrl) => ({
    program: process.execPath,
    args: [resolve(__dirname, "..", "floor", "main.js")],
    env: { DATABASE_URL: databaseUrl },
  }),
  listening: /listening (\S+)/,
  headers: {},
  request: (workload, values) => workload.request(values),
};

/** What Rollcall gains by coalescing, the floor gains as well. */
export const sharingFloor: BenchedServer = {
  ...floor,
  name: "floor-sharing",
  title: "the floor with one statement for all concurrent requests of a kind",
  command: (databaseUrl) => {
    const { env, ...rest } = floor.command(databaseUrl);
    return { ...rest, env: { ...env, FLOOR_SHARES: "1" } };
  },
};
