import { floor } from "./floor.js";
import { mercurius, naive, yoga } from "./peers.js";
import { postgraphile } from "./postgraphile.js";
import { rollcall, rollcallInTwo } from "./rollcall.js";
import type { BenchedServer } from "./server.js";

/** Rollcall first: the others must answer what it does. */
export const servers: readonly BenchedServer[] = [
  rollcall,
  rollcallInTwo,
  floor,
  mercurius,
  yoga,
  postgraphile,
  naive,
];

/** Whether its libraries are bench/package.json's. */
export const isPeer = (server: BenchedServer): boolean =>
  ![rollcall, rollcallInTwo, floor].includes(server);
