import { floor } from "./floor.js";
import { rollcall } from "./rollcall.js";
import type { BenchedServer } from "./server.js";

/** Rollcall first: the others must answer what it does. */
export const servers: readonly BenchedServer[] = [rollcall, floor];
