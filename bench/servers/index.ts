import { floor, sharingFloor } from "./floor.js";
import { mercurius, naive, yoga } from "./peers.js";
import { postgraphile } from "./postgraphile.js";
import { rollcall, rollcallInTwo } from "./rollcall.js";
import type { BenchedServer } from "./server.js";

const peers: readonly BenchedServer[] = [mercurius, yoga, postgraphile, naive];

/** Rollcall first: the responses of the others must equal its own. */
export const servers: readonly BenchedServer[] = [
  rollcall,
  rollcallInTwo,
  floor,
  sharingFloor,
  ...peers,
];

/** Whether its libraries are those of bench/package.json. */
export const isPeer = (server: BenchedServer): boolean => peers.includes(server);
